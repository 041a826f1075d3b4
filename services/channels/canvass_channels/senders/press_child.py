"""The process that renders templates: `python -m canvass_channels.senders.press_child`.

Templates are programs, and some never end. Here each has half a second of processor time and some memory;
what these do not stop is killed from outside. It reads requests from its standard input until that ends.
"""

import resource
import signal
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from time import process_time
from typing import Any
from uuid import UUID

from canvass_runtime.links import Links, Reaction
from pydantic_core import from_json, to_json

from .designs import Undesignable, html_of
from .marking import Marks
from .press_protocol import HEAD
from .rendering import Compiled, Mistaken, Unrenderable, compile_template, tracking

SECONDS = 0.5
"""Of processor time for one message."""
ENOUGH_SECONDS = 0.1
"""After so much of it what is done is handed over, and the rest is to be asked for again."""
ENOUGH_CHARACTERS = 4_000_000
MORE_MEMORY = 300_000_000
"""Bytes of address space, beyond what an idle process has."""


class TooSlow(BaseException):
    """Nothing in between may take it for an error of its own."""


class Renderer:
    """The templates that this process was told, compiled at their first use."""

    def __init__(self, told: Mapping[str, Any]) -> None:
        self._links = Links(told["secrets"])
        self._public_url = told["public_url"]
        self._marks = Marks(self._links, told["tracking_url"])
        self._tracked = tracking(self._marks)
        self._sources: dict[str, dict[str, Any]] = {}
        self._compiled: dict[str, Compiled] = {}

    def answer(self, request: Mapping[str, Any]) -> Any:
        """The results of some jobs, or what is wrong with a template."""
        if check := request.get("check"):
            return self._check(check)
        if design := request.get("design"):
            return self._design(design)
        for id_ in request["forget"]:
            self._sources.pop(id_, None)
            self._compiled.pop(id_, None)
        self._sources |= request["learn"]
        return self._print(request["jobs"])

    def _print(self, jobs: list[dict[str, Any]]) -> list[dict[str, Any]]:
        begun, results, written = process_time(), list[dict[str, Any]](), 0
        for job in jobs:
            results.append(self._one(job))
            written += sum(len(part) for part in results[-1].values() if part)
            if process_time() - begun > ENOUGH_SECONDS or written > ENOUGH_CHARACTERS:
                break
        return results

    def _one(self, job: Mapping[str, Any]) -> dict[str, Any]:
        try:
            with _limited():
                return self._rendered(job)
        except Mistaken as mistaken:
            return {"error": f"the template cannot be used: {mistaken}"}
        except Unrenderable as error:
            return {"error": f"the template does not render for this contact: {error}"}
        except TooSlow:
            return {"error": f"the template takes more than {SECONDS} s to render for this contact"}
        except MemoryError:
            return {"error": "the template takes too much memory for this contact"}

    def _rendered(self, job: Mapping[str, Any]) -> dict[str, Any]:
        id_, values, reaction = job["source"], job["values"], job["reaction"]
        source = self._sources[id_]
        self._marks.reaction = _reaction(reaction) if reaction and source["tracked"] else None
        unsubscribe = self._unsubscribe_url(reaction) if reaction else values.get("unsubscribe_url")
        content = self._of(id_).render({**values, "unsubscribe_url": unsubscribe})
        return {
            "subject": content.subject,
            "text": content.text,
            "html": content.html,
            "unsubscribe_url": unsubscribe,
        }

    def _of(self, id_: str) -> Compiled:
        if id_ not in self._compiled:
            source = self._sources[id_]
            tracked = self._tracked if source["tracked"] else None
            self._compiled[id_] = compile_template(source["subject"], source["text"], source["html"], tracked)
        return self._compiled[id_]

    def _unsubscribe_url(self, reaction: Mapping[str, Any]) -> str:
        token = self._links.unsubscribe_token(
            UUID(reaction["contact_id"]), reaction["channel"], UUID(reaction["effect_id"])
        )
        return f"{self._public_url}/u/{token}"

    def _check(self, template: Mapping[str, Any]) -> dict[str, str]:
        found: dict[str, str] = {}
        for part in ("subject", "text", "html"):
            alone = {"subject": "", "text": "", "html": None} | {part: template[part]}
            try:
                with _limited():
                    found |= compile_template(**alone, tracked=self._tracked).boundless()
            except Mistaken as mistaken:
                found |= mistaken.fields
            except TooSlow:
                found[part] = f"it takes more than {SECONDS} s to render"
            except MemoryError:
                found[part] = "it takes too much memory"
        return found

    def _design(self, mjml: str) -> dict[str, str]:
        """The `html` that it stands for, else the `error`, with the line in the design."""
        if mistake := self._check({"subject": "", "text": "", "html": mjml}).get("html"):
            return {"error": mistake}
        try:
            with _limited():
                return {"html": html_of(mjml)}
        except Undesignable as error:
            return {"error": str(error)}
        except TooSlow:
            return {"error": f"it takes more than {SECONDS} s to be made into HTML"}
        except MemoryError:
            return {"error": "it takes too much memory"}


def _reaction(told: Mapping[str, Any]) -> Reaction:
    ids = {name: told[name] and UUID(told[name]) for name in ("effect_id", "contact_id", "journey_id")}
    return Reaction(**{**told, **ids})


@contextmanager
def _limited() -> Iterator[None]:
    signal.setitimer(signal.ITIMER_PROF, SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def _take_too_long(*_: object) -> None:
    raise TooSlow


def _limit_memory() -> None:
    with suppress(OSError, ValueError):  # where that cannot be asked or limited, time alone is
        pages = int(Path("/proc/self/statm").read_text().split()[0])
        most = pages * resource.getpagesize() + MORE_MEMORY
        resource.setrlimit(resource.RLIMIT_AS, (most, most))


def _read() -> Any:
    head = sys.stdin.buffer.read(HEAD.size)
    return from_json(sys.stdin.buffer.read(HEAD.unpack(head)[0])) if len(head) == HEAD.size else None


def _write(answer: Any) -> None:
    body = to_json(answer)
    sys.stdout.buffer.write(HEAD.pack(len(body)) + body)
    sys.stdout.buffer.flush()


def main() -> None:
    """Answer requests until there are no more."""
    for ours in (signal.SIGINT, signal.SIGTERM):  # who has started us ends us
        signal.signal(ours, signal.SIG_IGN)
    signal.signal(signal.SIGPROF, _take_too_long)
    told = _read()
    if told is None:
        return
    renderer = Renderer(told)
    _limit_memory()
    _write("ready")
    while (request := _read()) is not None:
        _write(renderer.answer(request))


if __name__ == "__main__":
    main()
