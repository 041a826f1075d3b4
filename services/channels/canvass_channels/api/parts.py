"""What several routes need."""

from typing import Annotated, Any, Protocol, TypeVar, cast

from canvass_runtime.db import Database
from canvass_runtime.etag import etag
from fastapi import Depends, Path, Request, Response, status

from canvass_channels.use_cases.tools import Tools


class Revised(Protocol):
    """A definition."""

    @property
    def revision(self) -> int: ...


T = TypeVar("T", bound=Revised)

Key = Annotated[str, Path(pattern="^[a-z0-9][a-z0-9_-]{0,99}$")]
"""1 to 100 lower-case letters, digits, - and _."""

CREATED: dict[int | str, dict[str, Any]] = {status.HTTP_201_CREATED: {"description": "Created"}}


def marked(definition: T, response: Response, *, created: bool = False) -> T:
    """The definition, whose revision the answer tells."""
    response.headers["ETag"] = etag(definition.revision)
    if created:
        response.status_code = status.HTTP_201_CREATED
    return definition


def _tools(request: Request) -> Tools:
    return cast("Tools", request.app.state.tools)


def _database(request: Request) -> Database:
    return cast("Database", request.app.state.database)


TheTools = Annotated[Tools, Depends(_tools)]
TheDatabase = Annotated[Database, Depends(_database)]
"""For what must hold no transaction while it waits for others."""
