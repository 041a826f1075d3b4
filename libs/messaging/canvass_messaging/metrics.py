"""What messaging counts, for `/metrics`."""

from prometheus_client import Counter, Gauge, Histogram

published = Counter("canvass_published_events", "Events confirmed by the broker.", ["lane"])
not_published = Counter("canvass_not_published", "Wire messages the broker did not confirm; tried again.")
unroutable = Counter("canvass_unroutable", "Wire messages nobody was bound to; tried again.", ["type"])
consumed = Counter("canvass_consumed_events", "Events that took effect.", ["type"])
repeated = Counter("canvass_repeated_messages", "Wire messages delivered again after they took effect.")
stale = Counter("canvass_stale_events", "State facts older than what was known.", ["type"])
set_aside = Counter("canvass_set_aside_events", "Events fed again later.", ["type"])
parked = Counter("canvass_parked_events", "Events given up on until somebody looks.", ["type"])
batch_events = Histogram(
    "canvass_batch_events",
    "Events in one transaction.",
    ["lane"],
    buckets=(1, 3, 10, 30, 100, 300, 1000, 3000),
)
batch_seconds = Histogram("canvass_batch_seconds", "Time of one transaction.", ["lane"])
lag_seconds = Gauge(
    "canvass_lag_seconds", "From saying to taking effect, of the oldest of the last batch.", ["lane"]
)
