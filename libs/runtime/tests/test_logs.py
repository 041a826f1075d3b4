"""What is written down, and what never is."""

import asyncio
import json
import sys

import pytest
from canvass_runtime.logs import describe
from pydantic import BaseModel, ValidationError
from sqlalchemy import text

SPEAKS = """
import logging
import structlog
from opentelemetry import trace
from canvass_runtime import logs

logs.configure("segments", "info")
log = structlog.get_logger()
log.debug("not said")
context = trace.SpanContext(1, 2, is_remote=False)
with trace.use_span(trace.NonRecordingSpan(context)):
    log.info("entered", contact_id="c1", events=3)
logging.getLogger("aio_pika").info("chatter")
logging.getLogger("aio_pika").warning("lost %s", "a connection")
try:
    try:
        {}["key"]
    except KeyError as error:
        raise ExceptionGroup("several", [RuntimeError("cannot")]) from error
except ExceptionGroup:
    log.exception("failed")
"""


async def speak() -> list[dict]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", SPEAKS, stdout=asyncio.subprocess.PIPE
    )
    said, _ = await process.communicate()
    return [json.loads(line) for line in said.splitlines()]


async def test_each_line_is_an_object_with_its_service_time_and_trace():
    entered, lost, failed = await speak()
    keys = ("event", "level", "service", "contact_id")
    assert [entered[key] for key in keys] == ["entered", "info", "segments", "c1"]
    assert (entered["trace_id"], entered["span_id"]) == (f"{1:032x}", f"{2:016x}")
    assert entered["timestamp"].endswith("Z")
    assert (lost["event"], lost["logger"]) == ("lost a connection", "aio_pika")
    assert failed["error"] == ["RuntimeError: cannot"]


class Form(BaseModel):
    age: int


async def test_an_error_is_described_without_what_people_wrote(database):
    with pytest.raises(ValidationError) as invalid:
        Form.model_validate({"age": "bob@example.com"})
    with pytest.raises(Exception, match="example") as refused:  # noqa: PT012
        async with database.transaction() as tx:
            await tx.execute(text("CREATE TEMP TABLE people (email text CONSTRAINT one_each PRIMARY KEY)"))
            await tx.execute(text("INSERT INTO people VALUES ('bob@example.com'), ('bob@example.com')"))
    assert describe(invalid.value) == "age: int_parsing"
    assert describe(refused.value) == "sqlstate 23505 people one_each"
    assert describe(ValueError("plain")) == "plain"
