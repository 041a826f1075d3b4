"""Door 3, the clock: what time alone changes; builds, audiences and counts that have work to do."""

from canvass_messaging.timers import Timer

from canvass_segments.store import audiences, builds, reviews, tallies
from canvass_segments.use_cases import building, counting, reviewing, showing

timers = (
    Timer(building.TIMER, lambda _: builds.seconds_until_due(), building.build),
    Timer("reviews", reviews.seconds_until_due, reviewing.review),
    Timer("tallies", lambda _: tallies.seconds_until_due(), counting.fold),
    Timer(showing.TIMER, lambda _: audiences.seconds_until_due(), showing.show),
)
