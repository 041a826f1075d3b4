"""SDKs that run by node: installed as their lock says, and run to their end."""

import asyncio
import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

SDKS = Path(__file__).parent / "sdks"
LEAST_NODE = 20
SECONDS = 60


def ready() -> None:
    """Have the SDKs installed; skips the test where there is no node to run them."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if not node or not npm or _version(node) < LEAST_NODE:
        pytest.skip(
            f"needs node {LEAST_NODE} or later with npm: apt-get install nodejs npm, or https://nodejs.org"
        )
    lock, installed = SDKS / "package-lock.json", SDKS / "node_modules" / ".installed"
    if not installed.exists() or installed.read_bytes() != lock.read_bytes():
        npm_ci = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
        subprocess.run(npm_ci, cwd=SDKS, check=True, capture_output=True, timeout=100)
        installed.write_bytes(lock.read_bytes())


def _version(node: str) -> int:
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=True).stdout
    found = re.match(r"v(\d+)", said)
    return int(found[1]) if found else 0


async def run(script: str, *arguments: str) -> Any:
    """What the script prints as JSON. Raises AssertionError when it fails, with what it said."""
    process = await asyncio.create_subprocess_exec(
        "node",
        script,
        *arguments,
        cwd=SDKS,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    try:
        async with asyncio.timeout(SECONDS):
            said, complained = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    assert process.returncode == 0, complained.decode()
    return json.loads(said.splitlines()[-1])
