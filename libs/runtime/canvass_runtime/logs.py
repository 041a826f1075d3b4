"""One JSON object a line on stdout, with the trace it belongs to; ids, but nothing people wrote."""

import logging
import sys
import traceback
from collections.abc import Iterator, MutableMapping
from typing import Any, cast

import structlog
from opentelemetry import trace
from pydantic import ValidationError
from pydantic_core import to_json

MESSAGE_CHARACTERS = 300
FRAMES = 12
_NOISY = ("uvicorn", "aio_pika", "aiormq", "asyncio", "sqlalchemy", "alembic")


def configure(service: str, level: str = "info") -> None:
    """Set up structlog, and what libraries say through `logging`, for one process."""
    threshold = logging.getLevelNamesMapping()[level.upper()]
    shared = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _Named(service),
        _add_trace,
        _add_error,
    ]
    structlog.configure(
        processors=[*shared, structlog.processors.JSONRenderer(serializer=_line)],
        wrapper_class=structlog.make_filtering_bound_logger(threshold),
        logger_factory=structlog.BytesLoggerFactory(sys.stdout.buffer),
        cache_logger_on_first_use=True,
    )
    _route_libraries(threshold)


def through_logging() -> None:
    """For tests: what is said goes to `logging`, which pytest shows with the test that failed."""
    structlog.configure(
        processors=[_add_error, structlog.processors.KeyValueRenderer(key_order=["event"])],
        wrapper_class=structlog.make_filtering_bound_logger(logging.DEBUG),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )


def describe(error: BaseException) -> str:
    """An error without the values it complains of: those are somebody's data.

    PostgreSQL's and pydantic's messages repeat input, so of these only what identifies the rule is said.
    """
    if isinstance(error, ValidationError):
        problems = error.errors(include_input=False, include_url=False, include_context=False)
        return "; ".join(
            f"{'.'.join(map(str, problem['loc']))}: {problem['type']}" for problem in problems[:5]
        )
    told = [link for link in _chain(error) if getattr(link, "sqlstate", None)]
    if told:  # the innermost is the driver's own, and knows most
        names = ("sqlstate", "table_name", "column_name", "constraint_name")
        return " ".join(
            ["sqlstate", *(str(value) for name in names if (value := getattr(told[-1], name, None)))]
        )
    return str(error)[:MESSAGE_CHARACTERS]


class _Named:
    """Adds the service that is speaking."""

    def __init__(self, service: str) -> None:
        self._service = service

    def __call__(self, _: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        event["service"] = self._service
        return event


def _add_trace(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    context = trace.get_current_span().get_span_context()
    if context.is_valid:
        event["trace_id"] = trace.format_trace_id(context.trace_id)
        event["span_id"] = trace.format_span_id(context.span_id)
    return event


def _add_error(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """`exc_info` becomes the kinds of error, what identifies them, and where; never values."""
    error = _raised(event.pop("exc_info", None))
    if error is not None:
        event["error"] = [f"{type(link).__qualname__}: {describe(link)}" for link in _chain(error)][:5]
        event["stack"] = list(_frames(error))[-FRAMES:]
    return event


def _raised(exc_info: Any) -> BaseException | None:
    """The error meant by any of the forms that `exc_info` takes."""
    if isinstance(exc_info, BaseException):
        return exc_info
    return sys.exception() if exc_info else None


def _chain(error: BaseException) -> Iterator[BaseException]:
    """An error, what a group of errors holds, and what caused them."""
    if isinstance(error, BaseExceptionGroup):
        for inner in cast("BaseExceptionGroup[BaseException]", error).exceptions:
            yield from _chain(inner)
        return
    link: BaseException | None = error
    while link is not None:
        yield link
        link = link.__cause__ or (None if link.__suppress_context__ else link.__context__)


def _frames(error: BaseException) -> Iterator[str]:
    innermost = next(_chain(error))
    for frame in traceback.extract_tb(innermost.__traceback__):
        yield f"{frame.filename}:{frame.lineno} {frame.name}"


def _line(event: Any, **_: Any) -> bytes:
    return to_json(event, fallback=str)


class _Relayed(logging.Handler):
    """What a library says through `logging` is said again as ours."""

    def emit(self, record: logging.LogRecord) -> None:
        logger = structlog.get_logger().bind(logger=record.name)
        error = record.exc_info[1] if record.exc_info else None
        logger.log(record.levelno, record.getMessage()[:MESSAGE_CHARACTERS], exc_info=error)


def _route_libraries(threshold: int) -> None:
    logging.basicConfig(handlers=[_Relayed()], level=threshold, force=True)
    for name in _NOISY:
        logging.getLogger(name).setLevel(max(threshold, logging.WARNING))
