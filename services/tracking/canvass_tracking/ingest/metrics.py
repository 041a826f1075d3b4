"""What the hot door counts."""

from prometheus_client import Counter, Histogram

taken = Counter("canvass_ingest_events_total", "Events answered for, repeats included.")
repeated = Counter("canvass_ingest_events_repeated_total", "Events that had been taken before.")
rejected = Counter("canvass_ingest_events_rejected_total", "Events not taken, by why.", ["code"])
refused = Counter("canvass_ingest_requests_refused_total", "Requests refused as a whole, by why.", ["code"])
retried = Counter("canvass_ingest_requests_retried_total", "Requests that SDKs said they send again.")
raced = Counter("canvass_ingest_raced_total", "Commits begun again, as another process had come first.")
commit_events = Histogram(
    "canvass_ingest_commit_events", "Events in one commit.", buckets=(1, 5, 20, 100, 500, 2000)
)
forged = Counter("canvass_links_forged_total", "Links asked for that were not made here, by kind.", ["kind"])
uncounted = Counter("canvass_links_uncounted_total", "Opens and clicks of machines, which do not count.")
trapped = Counter("canvass_forms_trapped_total", "Submissions that filled in what nobody can see.")
