"""What every process counts. Names begin with `canvass_`; labels never hold anything about a contact."""

from prometheus_client import CONTENT_TYPE_LATEST, Gauge, Histogram, generate_latest, start_http_server

CONTENT_TYPE = CONTENT_TYPE_LATEST

request_seconds = Histogram(
    "canvass_request_seconds",
    "Time from a request's first byte to its answer.",
    ["method", "route", "status"],
    buckets=(0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 30),
)
connections_in_use = Gauge(
    "canvass_database_connections_in_use", "Connections that a transaction holds.", ["application"]
)


def exposition() -> bytes:
    """All metrics of this process in Prometheus' text format (`CONTENT_TYPE`)."""
    return generate_latest()


def serve(port: int, host: str = "127.0.0.1") -> None:
    """Show the metrics of a process that has no HTTP otherwise, from a thread of its own."""
    start_http_server(port, host)
