"""A process beside the bench: it answers in lines of JSON, and ends when the bench does, however it does."""

import asyncio
import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from typing import Any, Self

import uvloop
from canvass_cli.places import CHECKOUT

Handler = Callable[[dict[str, Any]], Awaitable[dict[str, Any]]]

_ENDS_WITHIN_SECONDS = 15


class ChildEnded(Exception):
    """The process ended without an answer; what it wrote to stderr says why."""


class Child:
    """`python -m tests.bench.<module> <arguments>`."""

    def __init__(self, module: str, *arguments: str) -> None:
        self.name = " ".join((module, *arguments))
        self._process = subprocess.Popen(
            [sys.executable, "-m", f"tests.bench.{module}", *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=CHECKOUT,
            text=True,
            start_new_session=True,  # Ctrl-C is for the bench, which then ends this
        )

    @property
    def pid(self) -> int:
        return self._process.pid

    def ask(self, **question: Any) -> dict[str, Any]:
        """Its answer to a question. Raises ChildEnded."""
        self.tell(**question)
        return self.answer()

    def tell(self, **question: Any) -> None:
        """Ask without waiting for the answer. Raises ChildEnded."""
        if self._process.stdin is None:
            raise ChildEnded(self.name)
        try:
            self._process.stdin.write(json.dumps(question) + "\n")
            self._process.stdin.flush()
        except BrokenPipeError:
            raise ChildEnded(self.name) from None

    def answer(self) -> dict[str, Any]:
        """The answer to what was told. Raises ChildEnded."""
        line = self._process.stdout.readline() if self._process.stdout else ""
        if not line:
            raise ChildEnded(self.name)
        return json.loads(line)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Let it end by itself, which it does once nobody can ask any more; kill it if it does not."""
        if self._process.stdin:
            self._process.stdin.close()
        try:
            self._process.wait(_ENDS_WITHIN_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        if self._process.stdout:
            self._process.stdout.close()


def run(answering: Callable[[], AbstractAsyncContextManager[Handler]]) -> None:
    """Be such a process: answer with what `answering()` gives, inside it, until nobody can ask any more.

    Whatever else is printed, logs above all, goes to stderr.
    """
    answers = os.dup(sys.stdout.fileno())
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    uvloop.run(_run(answering, answers))


async def _run(answering: Callable[[], AbstractAsyncContextManager[Handler]], answers: int) -> None:
    reader = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    async with answering() as handler:
        while line := await reader.readline():
            answer = await handler(json.loads(line))
            with contextlib.suppress(BrokenPipeError):  # nobody reads it: then nobody asks again
                os.write(answers, json.dumps(answer).encode() + b"\n")
