"""Traces, at the doors only. Without an endpoint nothing is recorded, and the SDK is not even imported."""

import re
from collections.abc import Callable, Generator, Iterable
from contextlib import contextmanager

from opentelemetry import trace
from opentelemetry.trace import Link, NonRecordingSpan, Span, SpanContext, SpanKind, TraceFlags

LINKS = 64
"""A batch of more causes than this links to the first of them."""
_TRACEPARENT = re.compile(r"00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})")
_tracer = trace.get_tracer("canvass")


def set_up(service: str, endpoint: str | None) -> Callable[[], None]:
    """Send our traces to an OTLP/HTTP endpoint (`http://collector:4318`); returns what flushes them.

    How many are sampled is OpenTelemetry's own setting (OTEL_TRACES_SAMPLER, OTEL_TRACES_SAMPLER_ARG).
    """
    if not endpoint:
        return lambda: None
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter  # noqa: PLC0415 - 10 MB
    from opentelemetry.sdk.resources import Resource  # noqa: PLC0415
    from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415
    from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415

    resource = Resource.create({"service.name": service, "service.namespace": "canvass"})
    provider = TracerProvider(resource=resource, shutdown_on_exit=False)
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(f"{endpoint.rstrip('/')}/v1/traces")))
    trace.set_tracer_provider(provider)
    return provider.shutdown


def current_traceparent() -> str | None:
    """The W3C `traceparent` of the span we are in, for what is said here; None outside any."""
    context = trace.get_current_span().get_span_context()
    if not context.is_valid:
        return None
    trace_id, span_id = trace.format_trace_id(context.trace_id), trace.format_span_id(context.span_id)
    return f"00-{trace_id}-{span_id}-{context.trace_flags:02x}"


@contextmanager
def span(name: str, **attributes: str | int) -> Generator[Span]:
    """A span of work that a clock began (a timer's round)."""
    with _tracer.start_as_current_span(name, attributes=attributes) as started:
        yield started


@contextmanager
def consume_span(name: str, traceparents: Iterable[str | None]) -> Generator[Span]:
    """The span of a batch of facts. One cause is its parent; of several, each is linked to it.

    `traceparents` are those of the events; unreadable ones are passed over.
    """
    known = dict.fromkeys(parent for parent in traceparents if parent)
    causes = [cause for parent in list(known)[:LINKS] if (cause := _read(parent))]
    parent = trace.set_span_in_context(NonRecordingSpan(causes[0])) if len(causes) == 1 else None
    links = [Link(cause) for cause in causes] if len(causes) > 1 else []
    with _tracer.start_as_current_span(name, parent, SpanKind.CONSUMER, links=links) as started:
        yield started


def _read(traceparent: str) -> SpanContext | None:
    match = _TRACEPARENT.fullmatch(traceparent)
    if match is None:
        return None
    trace_id, span_id, flags = (int(part, 16) for part in match.groups())
    context = SpanContext(trace_id, span_id, is_remote=True, trace_flags=TraceFlags(flags))
    return context if context.is_valid else None
