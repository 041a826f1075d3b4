"""What tests are told, and what a process without HTTP loads."""

import asyncio
import os
import sys

NEEDS_A_DATABASE = "def test_it(database_url): ...\n"
LEAN = """
import sys
import canvass_runtime.db, canvass_runtime.logs, canvass_runtime.metrics, canvass_runtime.partitions
import canvass_runtime.processes, canvass_runtime.settings, canvass_runtime.telemetry
heavy = {"alembic", "fastapi", "joserfc", "opentelemetry.sdk", "starlette", "uvicorn"} & set(sys.modules)
sys.exit(" ".join(sorted(heavy)) or None)
"""


async def test_without_servers_a_test_fails_with_one_line_that_says_what_to_type(tmp_path):
    (tmp_path / "test_it.py").write_text(NEEDS_A_DATABASE)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("CANVASS_TEST_")}
    arguments = (
        "-m",
        "pytest",
        "-p",
        "canvass_runtime.testing",
        "-p",
        "no:cacheprovider",
        "-q",
        str(tmp_path),
    )
    process = await asyncio.create_subprocess_exec(
        sys.executable, *arguments, cwd=tmp_path, env=environment, stdout=asyncio.subprocess.PIPE
    )
    said, _ = await process.communicate()
    assert process.returncode == 1
    assert b"CANVASS_TEST_DATABASE_URL is not set: run `make test`, or start a PostgreSQL 18" in said
    assert b"Traceback" not in said


async def test_a_process_without_http_loads_no_web_framework_and_no_sdk():
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", LEAN, stderr=asyncio.subprocess.PIPE)
    _, named = await process.communicate()
    assert (process.returncode, named) == (0, b"")
