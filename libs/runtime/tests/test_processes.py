"""The life of a process, seen from outside."""

import asyncio
import signal
import sys

import pytest

LIVES = """
import asyncio, sys
from canvass_runtime.processes import run

async def drains(stop):
    print("working", flush=True)
    await stop.wait()
    print("drained", flush=True)

async def clings(stop):
    print("working", flush=True)
    await asyncio.Event().wait()

async def fails(stop):
    raise RuntimeError("cannot")

async def ends(stop):
    pass

run(globals()[sys.argv[1]], drain_seconds=float(sys.argv[2]))
"""


async def start(life: str, drain_seconds: float = 10) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable, "-c", LIVES, life, str(drain_seconds), stdout=asyncio.subprocess.PIPE
    )


async def said(process: asyncio.subprocess.Process, word: bytes) -> None:
    async for line in process.stdout:
        if word in line:
            return
    pytest.fail(f"never said {word!r}")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_signal_lets_it_finish_what_it_has_begun(number):
    process = await start("drains")
    await said(process, b"working")
    process.send_signal(number)
    await said(process, b"drained")
    assert await process.wait() == 0


async def test_what_does_not_drain_is_cancelled_and_says_so_by_its_code():
    process = await start("clings", drain_seconds=0.1)
    await said(process, b"working")
    process.send_signal(signal.SIGTERM)
    await said(process, b"process_not_drained")
    assert await process.wait() == 1


async def test_a_second_signal_ends_it_at_once():
    process = await start("clings", drain_seconds=600)
    await said(process, b"working")
    process.send_signal(signal.SIGTERM)
    await said(process, b"process_stopping")
    process.send_signal(signal.SIGTERM)
    assert await process.wait() == 1


@pytest.mark.parametrize(("life", "code"), [("fails", 1), ("ends", 0)])
async def test_the_code_says_how_it_ended(life, code):
    process = await start(life)
    await process.communicate()
    assert process.returncode == code
