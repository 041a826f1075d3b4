"""An application with a route for everything that can happen to a request."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Annotated, ClassVar
from uuid import UUID

import httpx2
import pytest
from canvass_runtime.app import Now, Transaction, create_app
from canvass_runtime.auth import Require
from canvass_runtime.clock import TurnedClock
from canvass_runtime.db import Database
from canvass_runtime.errors import Conflict
from canvass_runtime.etag import Precondition, etag
from canvass_runtime.idempotency import OnceOnly, idempotency_table, once_in
from canvass_runtime.pagination import Page, PageWanted
from canvass_runtime.settings import ServiceSettings
from canvass_runtime.tokens import Caller, create_keys
from fastapi import APIRouter, Depends, FastAPI
from pydantic import BaseModel, Field, JsonValue, SecretStr
from sqlalchemy import Column, Integer, MetaData, Table, bindparam, insert, select, text
from sqlalchemy.dialects.postgresql import JSONB

metadata = MetaData(schema="web")
things = Table("things", metadata, Column("id", Integer, primary_key=True))
answers = idempotency_table(metadata)
router = APIRouter()
late = asyncio.Event()


class Settings(ServiceSettings):
    service: ClassVar[str] = "web"


class Thing(BaseModel):
    id: int = Field(ge=1)


class Document(BaseModel):
    content: JsonValue


Once = Annotated[OnceOnly, Depends(once_in(answers))]


@router.post("/things", status_code=201)
async def create_thing(thing: Thing, tx: Transaction) -> Thing:
    await tx.execute(insert(things).values(id=thing.id))
    if thing.id == 409:
        raise Conflict("There is one already. Change that one.", fields={"id": "taken"})
    if thing.id == 500:
        raise RuntimeError("a secret of ours")
    return thing


@router.post("/things/late")
async def create_thing_late(tx: Transaction) -> None:
    await tx.execute(insert(things).values(id=1))
    await asyncio.Event().wait()


@router.get("/things")
async def list_things(wanted: PageWanted, tx: Transaction) -> Page[Thing]:
    query = select(things).order_by(things.c.id).limit(wanted.fetch)
    if (after := wanted.after(int)) is not None:
        query = query.where(things.c.id > after)
    return wanted.page([Thing(id=row.id) for row in await tx.all(query)], lambda thing: thing.id)


@router.get("/things/{thing_id}")
async def get_thing(thing_id: UUID) -> None:
    pass


@router.put("/versions/{revision}")
async def change_version(revision: int, precondition: Precondition) -> str:
    precondition.check(revision or None)
    return etag(revision + 1)


@router.post("/effects", dependencies=[Require("things:write")])
async def cause_effect(thing: Thing, once: Once, tx: Transaction) -> Thing:
    async def work() -> Thing:
        await tx.execute(insert(things).values(id=thing.id))
        if thing.id == 500:
            raise RuntimeError
        return thing

    return await once(tx, Thing, work)


@router.post("/documents")
async def keep_document(document: Document, tx: Transaction) -> None:
    await tx.scalar(select(bindparam("content", type_=JSONB())), {"content": document.content})


@router.get("/now")
async def tell_time(now: Now) -> str:
    return now.isoformat()


@router.get("/me")
async def who_am_i(caller: Annotated[Caller, Require("things:read")]) -> str:
    return caller.name


@pytest.fixture
def keys_dir(tmp_path: Path) -> Path:
    create_keys(tmp_path / "keys")
    return tmp_path / "keys"


@pytest.fixture
async def web_tables(database: Database) -> AsyncIterator[None]:
    async with database.transaction() as tx:
        await tx.execute(text("CREATE SCHEMA web"))
        await tx.connection.run_sync(metadata.create_all)
    yield
    async with database.transaction() as tx:
        await tx.execute(text("DROP SCHEMA web CASCADE"))


@pytest.fixture
def make_app(database: Database, clock: TurnedClock, keys_dir: Path) -> Callable[..., FastAPI]:
    """Makes the application, on another database or with a shorter deadline if told so."""

    def make(other: Database | None = None, **told) -> FastAPI:
        url = SecretStr("postgresql://h/d")
        settings = Settings(database_url=url, rabbitmq_url=SecretStr("amqp://h"), port=0, keys_dir=keys_dir)
        told = {"clock": clock, "settings": settings, "routers": [router]} | told
        return create_app("web", database=other or database, **told)

    return make


@pytest.fixture
def asking():
    """A client of an application in this process; what the application raises is for it to answer."""

    @asynccontextmanager
    async def ask(app: FastAPI) -> AsyncIterator[httpx2.AsyncClient]:
        transport = httpx2.ASGITransport(app, raise_app_exceptions=True)
        async with httpx2.AsyncClient(transport=transport, base_url="http://web") as client:
            yield client

    return ask


@pytest.fixture
async def client(make_app, asking, web_tables) -> AsyncIterator[httpx2.AsyncClient]:
    async with asking(make_app()) as client:
        yield client
