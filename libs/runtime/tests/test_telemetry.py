"""Traces at the doors."""

import asyncio
import sys

import pytest
from canvass_runtime import telemetry
from canvass_runtime.telemetry import consume_span, current_traceparent, span
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

ONE = f"00-{1:032x}-{1:016x}-01"
TWO = f"00-{2:032x}-{2:016x}-01"


@pytest.fixture
def spans(monkeypatch):
    exporter = InMemorySpanExporter()
    provider = TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    monkeypatch.setattr(telemetry, "_tracer", provider.get_tracer("test"))
    return exporter.get_finished_spans


def test_a_single_cause_is_the_parent_of_what_it_causes(spans):
    with consume_span("segments.live", [ONE, None, ONE]):
        said = current_traceparent()
    (finished,) = spans()
    assert finished.context.trace_id == finished.parent.trace_id == 1
    assert said == f"00-{1:032x}-{finished.context.span_id:016x}-01"


def test_several_causes_are_linked(spans):
    with consume_span("segments.live", [ONE, TWO, "nonsense", ONE]):
        pass
    (finished,) = spans()
    assert finished.parent is None
    assert [link.context.trace_id for link in finished.links] == [1, 2]


def test_what_a_clock_began_is_a_trace_of_its_own(spans):
    with span("timer", due=3):
        assert trace.get_current_span().get_span_context().is_valid
    assert spans()[0].attributes == {"due": 3}


def test_outside_any_span_there_is_no_traceparent():
    assert current_traceparent() is None


WITHOUT = """
import sys
from canvass_runtime import telemetry
telemetry.set_up("segments", None)()
with telemetry.consume_span("x", []):
    assert telemetry.current_traceparent() is None
assert not any(name.startswith(("opentelemetry.sdk", "opentelemetry.exporter")) for name in sys.modules)
"""
WITH = """
import sys
from canvass_runtime import telemetry
flush = telemetry.set_up("segments", sys.argv[1])
with telemetry.span("x"):
    pass
flush()
"""


async def test_without_an_endpoint_the_sdk_is_not_even_imported():
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", WITHOUT)
    assert await process.wait() == 0


async def test_with_an_endpoint_spans_arrive_there():
    arrived = asyncio.get_running_loop().create_future()

    async def collect(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        arrived.set_result(await reader.readline())
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(collect, "127.0.0.1", 0)
    endpoint = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", WITH, endpoint)
    assert await process.wait() == 0
    assert await arrived == b"POST /v1/traces HTTP/1.1\r\n"
    server.close()
    await server.wait_closed()
