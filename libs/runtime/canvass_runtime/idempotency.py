"""A POST that is sent twice acts once: its answer is kept for a day, in the transaction of its effect."""

import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

from pydantic import BaseModel
from sqlalchemy import (
    Column,
    DateTime,
    Float,
    LargeBinary,
    MetaData,
    Select,
    Table,
    Text,
    delete,
    func,
    literal,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB, insert

from canvass_runtime.db import Tx
from canvass_runtime.errors import Invalid

if TYPE_CHECKING:
    from fastapi import Response

    from canvass_runtime.tokens import Caller

KEPT = timedelta(hours=24)

V = TypeVar("V", bound=BaseModel)


def idempotency_table(metadata: MetaData) -> Table:
    """The answers given, by who asked and the key they sent."""
    return Table(
        "idempotency_keys",
        metadata,
        Column("caller", Text, primary_key=True),
        Column("key", Text, primary_key=True),
        Column("request", LargeBinary, nullable=False),
        Column("answer", JSONB),
        Column("asked_at", DateTime(timezone=True), nullable=False, server_default=func.now(), index=True),
    )


async def forget_old(tx: Tx, table: Table, now: datetime) -> int:
    """Delete answers older than a day; returns how many. For a timer."""
    return (await tx.execute(delete(table).where(table.c.asked_at < now - KEPT))).rowcount


def seconds_until_old(table: Table, now: datetime) -> Select[Any]:
    """In how many seconds the oldest answer will be a day old; NULL while there is none. For a timer."""
    oldest = func.min(table.c.asked_at) + KEPT - literal(now, DateTime(timezone=True))
    return select(func.extract("epoch", oldest).cast(Float))


@dataclass(frozen=True, slots=True)
class OnceOnly:
    """One request, and what was answered to it before."""

    table: Table
    caller: str
    key: str | None
    request: bytes
    response: "Response"

    async def __call__(self, tx: Tx, kind: type[V], work: Callable[[], Awaitable[V]]) -> V:
        """Do `work` and keep its answer; or, where this request was answered before, give that answer again.

        Without a key it is simply done. The same request at the same time waits for the first to end. Raises
        Invalid (422) when the key came before with another request.
        """
        if self.key is None:
            return await work()
        if not await self._is_first(tx):
            return kind.model_validate(await self._answered(tx))
        answer = await work()
        kept = {"answer": answer.model_dump(mode="json")}
        await tx.execute(update(self.table).where(*self._this()).values(kept))
        return answer

    async def _is_first(self, tx: Tx) -> bool:
        """Claim the key; another request with it waits here until our transaction has ended."""
        row = {"caller": self.caller, "key": self.key, "request": self.request}
        fresh = {"request": self.request, "answer": None, "asked_at": func.now()}
        claim = insert(self.table).values(row)
        too_old = self.table.c.asked_at < func.now() - KEPT
        claim = claim.on_conflict_do_update(index_elements=["caller", "key"], set_=fresh, where=too_old)
        return await tx.scalar(claim.returning(self.table.c.key)) is not None

    async def _answered(self, tx: Tx) -> Any:
        query = select(self.table.c.request, self.table.c.answer).where(*self._this())
        stored = (await tx.all(query))[0]
        if stored.request != self.request:
            raise Invalid("This Idempotency-Key came with another request. Use a new key for a new request.")
        self.response.headers["Idempotency-Replayed"] = "true"
        return stored.answer

    def _this(self) -> tuple[Any, Any]:
        return (self.table.c.caller == self.caller, self.table.c.key == self.key)


def once_in(table: Table) -> Any:
    """A dependency for POST routes: `Once = Annotated[OnceOnly, Depends(once_in(tables.idempotency))]`.

    Then `return await once(tx, PublishedView, lambda: use_cases.publish(tx, key, now))`. The route must also
    `Require` a scope, before this, so that callers do not meet each other's keys.
    """

    from fastapi import Header, Request, Response  # noqa: PLC0415 - a worker has the table, and no FastAPI

    async def once(
        request: Request,
        response: Response,
        idempotency_key: Annotated[str | None, Header(min_length=1, max_length=255)] = None,
    ) -> OnceOnly:
        caller: Caller | None = getattr(request.state, "caller", None)
        said = hashlib.sha256(f"{request.method} {request.url.path}?{request.url.query}\n".encode())
        said.update(await request.body())
        return OnceOnly(table, caller.name if caller else "", idempotency_key, said.digest(), response)

    return once
