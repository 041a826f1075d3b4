"""What is refused, by whose fault. A door turns these into problem+json; nothing else needs to know HTTP."""

from collections.abc import Mapping
from typing import ClassVar


class Refused(Exception):
    """The caller asked for something we will not do. `detail` says what to do instead.

    `type` is a slug for programs to rely on; `fields` maps a place in the input (`rules.0.operator`) to what
    is wrong there. Everything in a Refused is shown to the caller.
    """

    status: ClassVar[int] = 400
    title: ClassVar[str] = "The request was refused"
    type: ClassVar[str] = "refused"

    def __init__(
        self,
        detail: str,
        *,
        fields: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.fields: Mapping[str, str] = fields or {}
        self.headers: Mapping[str, str] = headers or {}


class Unauthorized(Refused):
    """Nobody is recognised. Send `Authorization: Bearer <key>` with a key made by `canvass keys`."""

    status = 401
    title = "A valid key is needed"
    type = "unauthorized"

    def __init__(self, detail: str) -> None:
        super().__init__(detail, headers={"WWW-Authenticate": "Bearer"})


class Forbidden(Refused):
    """The key is valid, but lacks a scope. Use a key that has it."""

    status = 403
    title = "This key may not do that"
    type = "forbidden"


class NotFound(Refused):
    """There is no such thing. Check its key, or list what there is."""

    status = 404
    title = "Not found"
    type = "not-found"


class Conflict(Refused):
    """It cannot be done to the thing as it is now. Read it again, then decide."""

    status = 409
    title = "In conflict with what is there"
    type = "conflict"


class PreconditionFailed(Refused):
    """The thing has changed since it was read. Read it again, apply the change to that, and send its ETag."""

    status = 412
    title = "It has changed meanwhile"
    type = "precondition-failed"


class TooLarge(Refused):
    """The body is larger than this route takes. Send it in smaller parts."""

    status = 413
    title = "The body is too large"
    type = "too-large"


class Invalid(Refused):
    """The input cannot be understood. Correct what `fields` names and send it again."""

    status = 422
    title = "The input is not valid"
    type = "invalid"


class PreconditionRequired(Refused):
    """A change must say which version it changes. Send `If-Match: <etag>`, or `If-None-Match: *`."""

    status = 428
    title = "Say which version this changes"
    type = "precondition-required"
