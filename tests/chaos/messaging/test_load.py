"""Two relays and four consumers under load, with deliveries doubled and shuffled: the state is the fold."""

import asyncio
import random
from collections import Counter
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import aio_pika
import pytest
from aio_pika.abc import AbstractIncomingMessage
from canvass_messaging import topology
from canvass_schemas.envelope import Fact
from canvass_schemas.tracking import ContactChanged, ContactMerged, PageViewed
from sqlalchemy import select, text

from tests.chaos.messaging import players
from tests.chaos.messaging.facts import changed, merged, people, poisonous_view, sick_view, view
from tests.chaos.messaging.house import House

pytestmark = [pytest.mark.chaos, pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(240)]

SEED = 20260730
SECONDS = 30
EVENTS_A_SECOND = 400


class History:
    """What happens to some people: views, changes and merges, from one seed; and what must come of it."""

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)
        self._people = people(300, seed)
        self._living = list(self._people)
        self._revisions: Counter[UUID] = Counter()
        self._into: dict[UUID, UUID] = {}
        self._views: Counter[UUID] = Counter()

    def happens(self, number: int) -> list[Fact[Any]]:
        """The next facts, in an order that is not theirs."""
        facts = [fact for _ in range(number) for fact in self._something()]
        self._chance.shuffle(facts)
        return facts

    def _something(self) -> list[Fact[Any]]:
        match self._chance.random():
            case chance if chance < 0.01 and len(self._living) > 50:
                return self._merge()
            case chance if chance < 0.15:
                return [self._change(self._chance.choice(self._living))]
            case chance:
                return [self._view(poison=chance > 0.999, sick=chance > 0.99)]

    def _merge(self) -> list[Fact[Any]]:
        loser = self._living.pop(self._chance.randrange(len(self._living)))
        winner = self._chance.choice(self._living)
        self._into[loser] = winner
        state = self._change(winner)
        return [merged(loser, winner, state.revision), state]

    def _change(self, contact: UUID) -> ContactChanged:
        self._revisions[contact] += 1
        return changed(contact, self._revisions[contact])

    def _view(self, *, poison: bool, sick: bool) -> PageViewed:
        """Of anybody: a page may well be seen under an identity that was merged long ago."""
        contact = self._chance.choice(self._people)
        if poison:
            return poisonous_view(contact)
        self._views[contact] += 1
        return sick_view(contact) if sick else view(contact)

    def today(self, contact: UUID) -> UUID:
        while contact in self._into:
            contact = self._into[contact]
        return contact

    def fold(self) -> "State":
        views: Counter[UUID] = Counter()
        for contact, number in self._views.items():
            views[self.today(contact)] += number
        revisions = {contact: self._revisions[contact] for contact in self._living}
        return State(
            dict(views),
            {contact: revision for contact, revision in revisions.items() if revision},
            {loser: self.today(loser) for loser in self._into},
        )


@dataclass
class State:
    """How often each living contact was seen, its revision, and who the others are today."""

    views: dict[UUID, int]
    revisions: dict[UUID, int]
    today: dict[UUID, UUID]


async def state_of(house: House) -> State:
    contacts = players.segments.contacts.c
    async with house.database.transaction() as tx:
        views = await tx.all(select(players.views).where(players.views.c.number > 0))
        rows = await tx.all(select(contacts.contact_id, contacts.merged_into, contacts.revision))
    return State(
        {row.contact_id: row.number for row in views},
        {row.contact_id: row.revision for row in rows if row.revision and not row.merged_into},
        {row.contact_id: row.merged_into for row in rows if row.merged_into},
    )


class Mischief:
    """Hears everything, and puts what it heard into the queue of `segments` again, now or later."""

    def __init__(self, channel: Any, seed: int) -> None:
        self._channel = channel
        self._chance = random.Random(seed)
        self._kept: list[AbstractIncomingMessage] = []
        self.repeated = 0

    async def begin(self) -> None:
        queue = await self._channel.declare_queue(exclusive=True)
        for fact in (PageViewed, ContactChanged, ContactMerged):
            await queue.bind(topology.EXCHANGE, f"{fact.TYPE}.live")
        await queue.consume(self._hear, no_ack=True)

    async def _hear(self, message: AbstractIncomingMessage) -> None:
        self._kept.append(message)
        if self._chance.random() < 0.3:
            await self._repeat(message)
        if self._chance.random() < 0.3:
            await self._repeat(self._kept.pop(self._chance.randrange(len(self._kept))))

    async def _repeat(self, message: AbstractIncomingMessage) -> None:
        again = aio_pika.Message(
            message.body, message_id=message.message_id, type=message.type, headers=message.headers
        )
        await self._channel.default_exchange.publish(again, "segments.live")
        self.repeated += 1


async def test_the_state_is_the_fold_of_what_was_said(house: House) -> None:
    for _ in range(2):
        house.actor("tracking").start()
    for _ in range(4):
        house.actor("segments").start()
    house.actor("segments", "worker", "--lane", "bulk").start()
    history = History(SEED)
    async with await aio_pika.connect(house.amqp_url) as connection:
        mischief = Mischief(await connection.channel(), SEED)
        await mischief.begin()
        await play(house, history)
        await house.settled()
    assert await state_of(house) == history.fold()
    assert mischief.repeated > 100


async def play(house: House, history: History) -> None:
    """So many facts a second, some in bulk; and relays are made to take each other's rows."""
    loop = asyncio.get_running_loop()
    ends = loop.time() + SECONDS
    step = 0
    while (began := loop.time()) < ends:
        lane = "bulk" if step % 10 == 9 else "live"
        await house.ask(history.happens(EVENTS_A_SECOND // 2), lane=lane, a_message=7)
        async with house.database.transaction() as tx:
            await tx.execute(text("UPDATE tracking.outbox SET held_until = now() WHERE id % 3 = 0"))
        step += 1
        await asyncio.sleep(max(0, began + 0.5 - loop.time()))
