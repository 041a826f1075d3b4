"""Where templates are rendered: in processes that can be killed, a batch of messages a round trip."""

import asyncio
import sys
from asyncio.subprocess import PIPE, Process
from collections import OrderedDict
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from typing import Any

import structlog
from pydantic_core import from_json, to_json

from .designs import Undesignable
from .press_protocol import HEAD, LONGEST_FRAME, Job, Printed, Source, Spoiled

MOST_JOBS = 50
MOST_PROCESSES = 2
KEPT_SOURCES = 200
START_SECONDS = 20.0
ANSWER_SECONDS = 2.0
"""A process that is well answers within a tenth of that."""

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Told:
    """What a process that renders is told: links are signed there."""

    secrets: Sequence[str]
    tracking_url: str
    public_url: str


class Stuck(Exception):
    """The process did not answer, or has ended."""


class Press:
    """Processes that render, started when they are needed. Belongs to one event loop."""

    def __init__(self, told: Told) -> None:
        self._told = told
        self._idle: list[_Child] = []
        self._free = asyncio.Semaphore(MOST_PROCESSES)

    async def print(self, jobs: Sequence[Job]) -> list[Printed | Spoiled]:
        """Render the first of the jobs, at least one of them; the others are to be asked for again."""
        jobs = jobs[:MOST_JOBS]
        while True:
            try:
                async with self._child() as child:
                    return await child.print(jobs)
            except Stuck:
                if len(jobs) == 1:
                    return [Spoiled("the template takes far too long, or too much, for this contact")]
                jobs = jobs[: len(jobs) // 2]

    async def check(self, subject: str, text: str, html: str | None) -> dict[str, str]:
        """What is wrong in each part of a template, or grows without end even for an empty contact."""
        template = {"subject": subject, "text": text, "html": html}
        try:
            async with self._child() as child:
                return await child.ask({"check": template}, ANSWER_SECONDS)
        except Stuck:
            return {"text" if html is None else "html": "it takes far too long, or too much, to render"}

    async def design(self, mjml: str) -> str:
        """The HTML that a design in MJML stands for. Raises Undesignable."""
        try:
            async with self._child() as child:
                made = await child.ask({"design": mjml}, ANSWER_SECONDS)
        except Stuck:
            raise Undesignable("it takes far too long, or too much, to be made into HTML") from None
        if "error" in made:
            raise Undesignable(made["error"])
        return made["html"]

    @asynccontextmanager
    async def _child(self) -> AsyncIterator["_Child"]:
        async with self._free:
            child = self._idle.pop() if self._idle else await _Child.start(self._told)
            try:
                yield child
            except BaseException as error:
                if isinstance(error, Stuck):
                    _log.warning("press.killed", error=str(error))
                await child.end()
                raise
            self._idle.append(child)

    async def close(self) -> None:
        """End those that do nothing."""
        idle, self._idle = self._idle, []
        await asyncio.gather(*(child.end() for child in idle))


class _Child:
    """One process, and the sources that it knows."""

    def __init__(self, process: Process) -> None:
        self._process = process
        self._known: OrderedDict[str, None] = OrderedDict()

    @classmethod
    async def start(cls, told: Told) -> "_Child":
        """Raises Stuck when it does not come up."""
        module = "canvass_channels.senders.press_child"
        child = cls(
            await asyncio.create_subprocess_exec(sys.executable, "-m", module, stdin=PIPE, stdout=PIPE)
        )
        try:
            await child.ask(asdict(told), START_SECONDS)
        except BaseException:
            await child.end()
            raise
        return child

    async def print(self, jobs: Sequence[Job]) -> list[Printed | Spoiled]:
        asked = [{"source": job.source.id, "values": job.values, "reaction": job.reaction} for job in jobs]
        learn, forget = self._news({job.source.id: job.source for job in jobs})
        answer = await self.ask({"learn": learn, "forget": forget, "jobs": asked}, ANSWER_SECONDS)
        return [Spoiled(one["error"]) if "error" in one else Printed(**one) for one in answer]

    def _news(self, wanted: dict[str, Source]) -> tuple[dict[str, Any], list[str]]:
        """What it is to learn for this, and what it is to forget."""
        learn = {id_: asdict(source) for id_, source in wanted.items() if id_ not in self._known}
        for id_ in wanted:
            self._known[id_] = None
            self._known.move_to_end(id_)
        forget = [self._known.popitem(last=False)[0] for _ in range(len(self._known) - KEPT_SOURCES)]
        return learn, forget

    async def ask(self, request: Any, seconds: float) -> Any:
        """Raises Stuck: then nobody may ask again."""
        writing, reading = self._process.stdin, self._process.stdout
        assert writing is not None and reading is not None  # noqa: S101, PT018 - made with both
        body = to_json(request)
        try:
            async with asyncio.timeout(seconds):
                writing.write(HEAD.pack(len(body)) + body)
                await writing.drain()
                length = HEAD.unpack(await reading.readexactly(HEAD.size))[0]
                if length > LONGEST_FRAME:
                    raise Stuck(f"an answer of {length} bytes")
                return from_json(await reading.readexactly(length))
        except (TimeoutError, OSError, EOFError, ValueError) as error:
            raise Stuck(type(error).__name__) from error

    async def end(self) -> None:
        """Kill it: it holds nothing that could be lost."""
        if self._process.returncode is None:
            self._process.kill()
        if self._process.stdin:
            self._process.stdin.close()
        await self._process.wait()
