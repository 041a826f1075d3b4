"""People who use the console: who may come in, and what becomes of a failed attempt. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal, TypeAlias
from uuid import UUID

Role: TypeAlias = Literal["viewer", "editor", "publisher", "admin"]
LinkKind: TypeAlias = Literal["invite", "login"]

FREE_ATTEMPTS = 5
"""So many wrong passwords cost nothing; each one after them doubles the wait."""
FIRST_PAUSE = timedelta(seconds=2)
LONGEST_PAUSE = timedelta(minutes=15)

LINK_LASTS: dict[LinkKind, timedelta] = {"invite": timedelta(days=7), "login": timedelta(minutes=15)}
SESSION_LASTS = timedelta(days=14)
"""From its last use."""
TOKEN_LASTS = timedelta(minutes=15)
"""What a service is shown; nothing but its end takes it back, so it is short."""

PASSWORD_LEAST = 10
PASSWORD_MOST = 200


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who may use the console. Without a password hash the invitation is not accepted yet."""

    id: UUID
    email: str
    name: str
    role: Role
    active: bool
    created_at: datetime
    revision: int
    password_hash: str | None = None
    failures: int = 0
    """Wrong passwords since the last right one."""
    paused_until: datetime | None = None


def may_try(person: Person, now: datetime) -> bool:
    """Whether a password is looked at at all."""
    return person.paused_until is None or person.paused_until <= now


def failed(person: Person, now: datetime) -> Person:
    """After a wrong password."""
    failures = person.failures + 1
    over = failures - FREE_ATTEMPTS
    if over < 0:
        return replace(person, failures=failures)
    pause = min(FIRST_PAUSE * 2 ** min(over, 20), LONGEST_PAUSE)
    return replace(person, failures=failures, paused_until=now + pause)


def came_in(person: Person) -> Person:
    """After a right password, or a link."""
    return replace(person, failures=0, paused_until=None)


def leaves_no_admin(people_who_are_admins: frozenset[UUID], changed: Person) -> bool:
    """Whether a change would lock everybody out of what admins alone may do."""
    stays = changed.role == "admin" and changed.active
    return not stays and people_who_are_admins == frozenset({changed.id})
