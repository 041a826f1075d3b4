"""Who may call a route: `Require("segments:write")`, shown in OpenAPI, checked offline."""

from typing import Annotated, Any, cast

from fastapi import Request, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer, SecurityScopes

from canvass_runtime.errors import Forbidden, Unauthorized
from canvass_runtime.tokens import Caller, KeyRing, issue

__all__ = ["Caller", "Require", "issue"]

_bearer = HTTPBearer(scheme_name="key", bearerFormat="JWT", auto_error=False)


def Require(*scopes: str) -> Any:  # noqa: N802 - used like Depends and Security
    """A dependency: the Caller, whose key has all these scopes.

    `dependencies=[Require("segments:read")]`, or `caller: Annotated[Caller, Require("segments:write")]`.
    """
    return Security(_recognise, scopes=scopes)


async def _recognise(
    request: Request,
    wanted: SecurityScopes,
    carried: Annotated[HTTPAuthorizationCredentials | None, Security(_bearer)],
) -> Caller:
    if carried is None:
        raise Unauthorized("Send `Authorization: Bearer <key>`, with a key made by `canvass keys create`.")
    caller = cast("KeyRing", request.app.state.keys).recognise(carried.credentials)
    request.state.caller = caller
    if missing := sorted(set(wanted.scopes) - caller.scopes):
        raise Forbidden(f"This key lacks {', '.join(missing)}. Use one that was made with it.")
    return caller
