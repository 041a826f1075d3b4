import asyncio
from datetime import timedelta

import pytest
from canvass_channels.domain.delivery import answered, attempt
from canvass_channels.domain.model import Answer
from canvass_channels.tables import deliveries
from canvass_channels.use_cases import intake, sending
from canvass_channels.use_cases import ledger as ledger_of_sends
from canvass_channels.use_cases.claiming import Claiming, claim
from canvass_channels.use_cases.ledger import Change, move_for_sure
from canvass_runtime.db import Database
from canvass_schemas.channels import MessageFailed, MessageSent
from canvass_schemas.ids import derived
from sqlalchemy import text

from services.channels.tests.conftest import ANN, BOB, contact, wanted


def states(rows):
    return [row.state for row in rows]


class Crash(BaseException):
    """As if the process ended there."""


@pytest.fixture
def crash_at(monkeypatch):
    def crash_at(name):
        def pass_by(passed):
            if passed == name:
                raise Crash

        for module in (sending, intake, ledger_of_sends):
            monkeypatch.setattr(module, "failpoint", pass_by)

    return crash_at


@pytest.mark.parametrize(
    ("at", "left", "marketing", "transactional"),
    [
        pytest.param("deliveries.after_claim", "claimed", "accepted", "accepted", id="claimed"),
        pytest.param("deliveries.attempting", "attempting", "unknown", "accepted", id="before the bytes"),
        pytest.param("deliveries.after_answer", "attempting", "unknown", "accepted", id="after the answer"),
        pytest.param("deliveries.before_settle", "attempting", "unknown", "accepted", id="while settling"),
        pytest.param("deliveries.after_settle", "accepted", "accepted", "accepted", id="settled"),
    ],
)
async def test_every_send_is_accounted_for_wherever_a_process_ends(
    define, hear, make_sending, database, mails, ledger, said, let_pass, take_back, crash_at, at, left,
    marketing, transactional,
):  # fmt: skip
    await define(connections=2)
    await hear(contact(ANN), contact(BOB), wanted(), wanted(BOB, "transactional"))
    crash_at(at)
    with pytest.raises(Crash):
        await make_sending().run(database)
    crash_at(None)
    assert left in states(await ledger())
    assert await take_back() == 0  # their leases run
    await let_pass()
    await take_back()
    await let_pass()
    await make_sending().run(database)
    assert states(await ledger()) == [marketing, transactional]
    outcomes = {fact.subject: type(fact) for fact in await said()}
    assert outcomes[BOB] is MessageSent
    assert outcomes[ANN] is (MessageSent if marketing == "accepted" else MessageFailed)
    assert mails.recipients.count("1@example.com") <= 1


async def test_a_claim_that_was_lost_is_not_attempted(
    define, hear, make_sending, database, mails, let_pass, take_back, ledger, said
):
    """The first process stalls; a second sends what it held; the first wakes up, and must not."""
    await define(connections=1)
    mails.slow = asyncio.Event()
    await hear(contact(ANN), contact(BOB), wanted())
    await hear(wanted(BOB))
    first = asyncio.create_task(make_sending().run(database))
    await mails.arrivals.get()
    stalled, mails.slow = mails.slow, None
    await let_pass()
    assert await take_back() == 2
    await make_sending().run(database)
    assert states(await ledger()) == ["unknown", "accepted"]
    stalled.set()
    await first
    assert sorted(mails.recipients) == ["1@example.com", "2@example.com"]
    assert states(await ledger()) == ["unknown", "accepted"]
    assert [type(fact) for fact in await said()] == [MessageFailed, MessageSent]


async def test_a_mistake_of_ours_leaves_nothing_in_doubt_that_is_under_way(
    define, hear, make_sending, database, mails, ledger, monkeypatch
):
    await define(connections=2)
    mails.slow = asyncio.Event()
    await hear(contact(ANN), contact(BOB), wanted())
    running = asyncio.create_task(make_sending().run(database))
    await mails.arrivals.get()
    monkeypatch.setattr(intake, "claim", None)
    await hear(wanted(BOB))
    mails.slow.set()
    with pytest.raises(TypeError):
        await running
    assert states(await ledger()) == ["accepted", "planned"]


async def test_a_process_that_ends_gives_back_what_it_has_claimed(
    define, hear, make_sending, database, mails, count
):
    await define(connections=1)
    mails.slow = asyncio.Event()
    ids = [derived("contact", number) for number in range(20)]
    await hear(*(contact(id_, email=f"{id_}@example.com") for id_ in ids), *map(wanted, ids))
    ending = make_sending()
    running = asyncio.create_task(ending.run(database))
    await mails.arrivals.get()
    ending.stop()
    mails.slow.set()
    await running
    assert await count(deliveries.c.state == "accepted") == 1
    assert await count(deliveries.c.state == "planned") == 19


async def test_an_answer_is_kept_even_if_the_database_has_gone_meanwhile(
    define, hear, make_sending, database, mails, ledger, schema
):
    await define()
    mails.slow = asyncio.Event()
    await hear(contact(ANN), wanted())
    running = asyncio.create_task(make_sending().run(database))
    await mails.arrivals.get()
    other = Database(schema, application_name="another")
    async with other.transaction() as tx:
        await tx.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE application_name = 'tests' AND datname = current_database()"
            )
        )
    await other.dispose()
    mails.slow.set()
    await asyncio.gather(running, return_exceptions=True)  # a look for more may fail, and is made again
    assert states(await ledger()) == ["accepted"]


async def test_a_commit_of_which_no_answer_came_is_made_once(define, hear, database, ledger, clock, said):
    await define()
    await hear(contact(ANN), wanted())
    async with database.transaction() as tx:
        claimed, _ = await claim(tx, Claiming(10, timedelta(minutes=1), {}, clock.now(), clock.now()))
    (one,) = claimed
    begun = attempt(one.delivery, clock.now() + timedelta(minutes=1))
    accepted = answered(begun, Answer("message", 250), 1, clock.now())
    beginning, settling = Change(one.delivery, begun, one.wanted), Change(begun, accepted, one.wanted)
    for change, moved_again in [(beginning, {begun.effect_id}), (settling, set())]:
        assert await move_for_sure(database, "live", [change], clock) == {begun.effect_id}
        assert await move_for_sure(database, "live", [change], clock) == moved_again
    assert len(await said()) == 1
