"""Door 2, facts: which handler takes which fact. Handlers are plain functions of a transaction and a list."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, TypeVar

from canvass_runtime.clock import Clock
from canvass_runtime.db import Tx
from canvass_schemas.catalogue import heard_by
from canvass_schemas.envelope import MAX_HOPS, Fact, State
from canvass_schemas.said_through import SaidThrough
from canvass_schemas.tracking import ContactMerged
from sqlalchemy import Table

F = TypeVar("F", bound=Fact[Any])
Handler = Callable[[Tx, Sequence[F]], Awaitable[None]]


LENIENT_HOPS = MAX_HOPS + 8
"""Elsewhere than in campaigns: a loop is to be found where it can be stopped, and others wait for that."""


class Unworkable(Exception):
    """The event can never take effect, however often it is tried: it is parked at once."""


class Consumers:
    """What one service hears, in the order in which a batch is heard.

    `contacts` is the service's own table of contacts: `contact_id` (its key), `revision`, `merged_into`.
    Before a handler runs, merged contacts are followed, missing rows inserted, and all rows locked in
    id order. Merges are heard first, then state facts (the newest of each thing in the batch), then the
    rest as registered.

    `revision` is that of the last `ContactChanged` taken in: its handler, and nothing else, writes it, and is
    given none that is older. States of a contact that has been merged are of no interest any more, and are
    dropped: the winner's own tell all. The row of a merged contact belongs to messaging.
    """

    def __init__(self, service: str, *, contacts: Table, hops_limit: int = LENIENT_HOPS) -> None:
        self.service = service
        self.contacts = contacts
        self.hops_limit = hops_limit
        self.clock = Clock()
        """The domain's present, for handlers that decide by it. A process sets its own when it starts."""
        self.on_loop: Handler[Any] | None = None
        """Called with events that have come too far, after they were parked, in the same transaction."""
        self._handlers: dict[str, tuple[type[Fact[Any]], Handler[Any]]] = {}

    def on(self, fact: type[F]) -> Callable[[Handler[F]], Handler[F]]:
        """Register the handler of one fact. Leaves the function as it is."""

        def register(handler: Handler[F]) -> Handler[F]:
            if fact.TYPE in self._handlers:
                raise ValueError(f"{self.service} has two handlers for {fact.TYPE}")
            self._handlers[fact.TYPE] = (fact, handler)
            return handler

        return register

    def fact(self, kind: str) -> type[Fact[Any]] | None:
        """The class of a fact that this service handles, by its type."""
        registered = self._handlers.get(kind)
        return registered[0] if registered else None

    def handler(self, kind: str) -> Handler[Any]:
        """The handler of a fact, by its type. Raises KeyError."""
        return self._handlers[kind][1]

    def order(self) -> list[str]:
        """The types in the order in which a batch is heard."""
        return sorted(self._handlers, key=lambda kind: _precedence(self._handlers[kind][0]))

    def check(self) -> None:
        """Raise ValueError unless exactly what the catalogue says is handled."""
        expected = {fact.TYPE for fact in heard_by(self.service) if not issubclass(fact, SaidThrough)}
        missing, unheard = sorted(expected - set(self._handlers)), sorted(set(self._handlers) - expected)
        if missing or unheard:
            raise ValueError(
                f"{self.service} has no handler for {missing}; {unheard} is not in the catalogue"
            )


def _precedence(fact: type[Fact[Any]]) -> int:
    if issubclass(fact, ContactMerged):
        return 0
    return 1 if issubclass(fact, State) else 2
