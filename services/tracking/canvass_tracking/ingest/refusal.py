"""Whatever goes wrong at a door, as what its sender is told."""

import structlog
from canvass_runtime.db import is_transient

from canvass_tracking.ingest import metrics
from canvass_tracking.ingest.caller import Headers
from canvass_tracking.ingest.limits import Refused, unavailable

_log = structlog.get_logger(__name__)


def refusal(error: Exception, route: str, headers: Headers) -> Refused:
    """What the error means for the sender; it is counted and logged."""
    refused = _meaning(error)
    metrics.refused.labels(refused.code).inc()
    retry = headers.get(b"x-retry-count", b"0").decode("latin-1")[:9]
    _log.info("ingest.refused", route=route, status=refused.status, code=refused.code, retry=retry)
    return refused


def _meaning(error: Exception) -> Refused:
    if isinstance(error, Refused):
        return error
    if is_transient(error):
        _log.warning("ingest.unavailable", exc_info=error)
        return unavailable()
    _log.error("ingest.failed", exc_info=error)
    return Refused(500, "internal_error", "This is our fault, and is logged. Send it again later.")
