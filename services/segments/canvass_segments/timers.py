"""Door 3, the clock: what time alone changes; builds and audiences that have work to do."""

from canvass_messaging.timers import Timer

from canvass_segments.store import audiences, builds, reviews
from canvass_segments.use_cases import building, reviewing, showing

timers = (
    Timer(building.TIMER, lambda _: builds.seconds_until_due(), building.build),
    Timer("reviews", reviews.seconds_until_due, reviewing.review),
    Timer(showing.TIMER, lambda _: audiences.seconds_until_due(), showing.show),
)
