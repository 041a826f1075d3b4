"""Asking a service by its HTTP API, as any client would."""

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

import httpx2

from .trouble import Trouble

_ANSWERS_WITHIN_SECONDS = 30.0
_HERE = {"127.0.0.1", "localhost", "::1"}


class Api:
    """One service, and the token to ask it with."""

    def __init__(self, url: str, token: str) -> None:
        self._url = url
        self._headers = {"Authorization": f"Bearer {token}"}

    @classmethod
    def of(cls, name: str, environment: Mapping[str, str]) -> "Api":
        """The service `name` at its address in `environment`. Raises `Trouble` when there is none."""
        missing = [key for key in (f"{name.upper()}_URL", "CANVASS_TOKEN") if not environment.get(key)]
        if missing:
            raise Trouble(
                f"{' and '.join(missing)} not set: run `canvass up`, or set them to a deployment's."
            )
        return cls(environment[f"{name.upper()}_URL"], environment["CANVASS_TOKEN"])

    def call(self, method: str, path: str, body: Any = None, query: Mapping[str, str] | None = None) -> Any:
        """The JSON of the answer, None when empty. Raises `Trouble` with what the service says is wrong."""
        try:
            with self._connected() as client:  # a command asks too little to keep a connection
                answer = client.request(method, path, json=body, params=query)
        except httpx2.HTTPError as error:
            raise Trouble(f"{self._url} does not answer: {error}") from None
        if answer.is_error:
            raise Trouble(f"{method} {answer.url}: {_problem(answer)}")
        return answer.json() if answer.content else None

    def _connected(self) -> httpx2.Client:
        return httpx2.Client(
            base_url=self._url,
            headers=self._headers,
            timeout=_ANSWERS_WITHIN_SECONDS,
            trust_env=urlsplit(self._url).hostname not in _HERE,  # a proxy knows nothing of this machine
        )

    def pages(self, path: str) -> Iterator[Any]:
        """Every item of a listing, page after page."""
        cursor: str | None = None
        while True:
            page = self.call("GET", path, query={"cursor": cursor} if cursor else None)
            yield from page["items"]
            cursor = page.get("next_cursor")
            if not cursor:
                return


def _problem(answer: httpx2.Response) -> str:
    """The detail of a problem+json, else the status alone."""
    try:
        problem = answer.json()
        return f"{answer.status_code} {problem.get('title', '')}: {problem.get('detail', '')}"
    except (ValueError, AttributeError):
        return str(answer.status_code)
