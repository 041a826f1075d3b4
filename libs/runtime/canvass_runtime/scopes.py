"""What a caller may be allowed, and what people of each role are."""

from typing import Literal, TypeAlias, get_args

_THINGS = (
    "campaigns",
    "consents",
    "contacts",
    "deliveries",
    "destinations",
    "forms",
    "operations",
    "people",
    "points",
    "segments",
    "senders",
    "sources",
    "templates",
)
SCOPES = (*(f"{thing}:{act}" for thing in _THINGS for act in ("read", "write")), "campaigns:publish")
"""All there are: `<thing>:read`, `<thing>:write`, and to set a campaign going."""

Role: TypeAlias = Literal["viewer", "editor", "publisher", "admin"]
ROLES: tuple[Role, ...] = get_args(Role)
"""Each may do what those before it may."""

_EDITED = ("campaigns", "contacts", "forms", "points", "segments", "templates")
_READ = frozenset(f"{thing}:read" for thing in _THINGS if thing != "people")
_EDIT = _READ | {f"{thing}:write" for thing in _EDITED}
_OF_ROLE: dict[Role, frozenset[str]] = {
    "viewer": _READ,
    "editor": _EDIT,
    # Whoever sets a campaign going also stands for where it sends to, and for who asked not to be written to.
    "publisher": _EDIT | {"campaigns:publish", "consents:write", "destinations:write"},
    "admin": frozenset(SCOPES),
}


def scopes_of(role: Role) -> frozenset[str]:
    """What people of a role are allowed."""
    return _OF_ROLE[role]
