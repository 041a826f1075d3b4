"""Door 3, the clock: builds that have work to do."""

from canvass_messaging.timers import Timer

from canvass_segments.store import builds
from canvass_segments.use_cases import building

timers = (Timer(building.TIMER, lambda _: builds.seconds_until_due(), building.build),)
