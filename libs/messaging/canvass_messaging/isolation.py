"""A poisonous event spoils nobody: a failing list is halved until the culprit is alone."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from canvass_runtime.db import Tx, is_transient
from canvass_schemas.envelope import Fact

from .consumers import Handler
from .failpoints import failpoint

OnPoison = Callable[[Tx, Fact[Any], Exception], Awaitable[None]]
Attempt = Callable[[Tx, Sequence[Fact[Any]], Handler[Any]], Awaitable[None]]
"""A way to run a handler on a list of events."""


async def directly(tx: Tx, facts: Sequence[Fact[Any]], handler: Handler[Any]) -> None:
    """The usual way: all at once, and a failure fails the transaction."""
    await handler(tx, facts)


def isolating(on_poison: OnPoison) -> Attempt:
    """The way after a failure: each try in a savepoint; a single event that fails goes to `on_poison`.

    A culprit among n events costs about 2·log2(n) tries. A fault of the moment (a deadlock, a lost
    connection) is nobody's poison: it is raised, and the whole transaction is tried again.
    """

    async def attempt(tx: Tx, facts: Sequence[Fact[Any]], handler: Handler[Any]) -> None:
        try:
            async with tx.savepoint():
                await handler(tx, facts)
        except Exception as error:
            if is_transient(error):
                raise
            if len(facts) == 1:
                await on_poison(tx, facts[0], error)
                return
        else:
            return
        failpoint("isolation.mid_split")
        middle = len(facts) // 2
        await attempt(tx, facts[:middle], handler)
        await attempt(tx, facts[middle:], handler)

    return attempt
