"""Lost updates are refused: a change says which version it changes."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Header

from canvass_runtime.errors import PreconditionFailed, PreconditionRequired


def etag(revision: int) -> str:
    """The ETag of a thing's revision: `"7"`."""
    return f'"{revision}"'


@dataclass(frozen=True, slots=True)
class Expected:
    """What the caller believes to be there."""

    if_match: str | None
    if_none_match: str | None

    def check(self, current: int | None) -> None:
        """Compare with the revision that is there (None: nothing is), read where it will be changed.

        Raises PreconditionRequired (428) if the caller did not say, PreconditionFailed (412) if not so.
        """
        if self.if_match is not None:
            if current is None or not _names(self.if_match, current):
                raise PreconditionFailed(f"It is {_what(current)} now. Read it again, and change that.")
        elif self.if_none_match is None:
            raise PreconditionRequired("Send `If-Match` with the ETag you read, or `If-None-Match: *`.")
        elif current is not None and _names(self.if_none_match, current):
            raise PreconditionFailed(f"It exists: it is {_what(current)}. Change it with `If-Match`.")


def _names(header: str, revision: int) -> bool:
    """Whether a header names this revision. Proxies that compress weaken tags (`W/"7"`)."""
    tags = {tag.strip().removeprefix("W/") for tag in header.split(",")}
    return "*" in tags or etag(revision) in tags


def _what(current: int | None) -> str:
    return "not there" if current is None else f"at {etag(current)}"


def _expected(
    if_match: Annotated[str | None, Header()] = None, if_none_match: Annotated[str | None, Header()] = None
) -> Expected:
    return Expected(if_match, if_none_match)


Precondition = Annotated[Expected, Depends(_expected)]
"""For a route that changes a thing: `precondition.check(stored.revision if stored else None)`."""
