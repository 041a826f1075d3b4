"""What a batch of arrivals does to what tracking knows, and what it says."""

import asyncio
from collections import Counter
from datetime import date, timedelta
from uuid import UUID

import pytest
from canvass_tracking import tables
from canvass_tracking.addresses import email_of, phone_of
from canvass_tracking.domain.arrivals import UNDATED, Arrival, Happening, PageView, mark_of
from canvass_tracking.domain.model import Identity, IncomingEvent
from canvass_tracking.store import contacts, messages
from canvass_tracking.store.contacts import Raced
from canvass_tracking.use_cases import taking
from sqlalchemy import select, text

from .conftest import NOON, types

TODAY = NOON.date()
NOBODY = UUID(int=9)
numbers = iter(range(1, 1_000_000))


def arrival(what=None, *, source=1, message=None, day=TODAY, trusted=False, **who) -> Arrival:
    traits = who.get("traits", {})
    told = {"email": email_of(traits.get("email")), "phone": phone_of(traits.get("phone"))}
    one = IncomingEvent(trusted=trusted, **told, **who)
    message = message or f"m-{next(numbers)}"
    return Arrival(day, mark_of(source, message), message, one, NOON - timedelta(seconds=3), what)


def page(path="/", **more) -> Arrival:
    return arrival(PageView(path, None, None, None, {}), **more)


def track(name="Bought", **more) -> Arrival:
    return arrival(Happening(name, {"total": 1.5}), **more)


@pytest.fixture
def take(database):
    async def take(*arrivals: Arrival, now=NOON) -> int:
        async with database.transaction() as tx:
            return await taking.take(tx, arrivals, now)

    return take


@pytest.fixture
def find(database):
    async def find(kind, value):
        async with database.transaction() as tx:
            return await contacts.find(tx, Identity(kind, value))

    return find


async def test_a_visitor_becomes_a_contact_that_only_behaviours_speak_of(take, find, said):
    assert await take(page("/pricing", anonymous_id="a"), track("Bought", anonymous_id="a")) == 2
    contact = await find("anonymous_id", "a")
    viewed, tracked = sorted(await said(), key=lambda fact: fact.type, reverse=True)
    assert types([viewed, tracked]) == ["page_viewed", "event_tracked"]
    assert viewed.subject == tracked.subject == contact.id
    assert (viewed.data.path, viewed.data.contact_known, viewed.time) == (
        "/pricing",
        False,
        NOON - timedelta(seconds=3),
    )
    assert (tracked.data.name, tracked.data.properties) == ("Bought", {"total": 1.5})


async def test_who_tells_who_she_is_is_said_with_all_that_is_known(take, find, said):
    await take(arrival(anonymous_id="a", traits={"country": "CA"}))
    assert await said() == []
    contacts = {"email": " Ann@Example.com", "phone": "+1 416 555 0123"}
    traits = contacts | {"plan": "pro", "address": {"city": "Montréal"}}
    told = arrival(anonymous_id="a", user_id="u-1", traits=traits)
    told = told._replace(who=told.who._replace(tags=("vip", "beta")))
    await take(page(anonymous_id="a"), told)
    changed, viewed = await said()
    contact = await find("user_id", "u-1")
    assert types([changed, viewed]) == ["contact_changed", "page_viewed"]
    assert changed.subject == viewed.subject == contact.id == (await find("anonymous_id", "a")).id
    assert changed.data.model_dump(exclude={"created_at"}) == {
        "revision": contact.revision,
        "user_id": "u-1",
        "email": "ann@example.com",
        "phone": "+14165550123",
        "tags": ["beta", "vip"],
        "attributes": {"country": "CA", "plan": "pro", "address": {"city": "Montréal"}},
        "identified_at": NOON,
    }
    assert (viewed.data.contact_known, viewed.data.contact_revision) == (True, contact.revision)
    assert (contact.phone, contact.tags) == ("+14165550123", ("beta", "vip"))


async def test_a_behaviour_tells_how_well_its_contact_was_known_after_its_batch(take, find, said):
    """Of an anonymous visitor nobody was told anything that one could wait for."""
    await take(page(anonymous_id="a"), page(user_id="u"))
    viewed = [fact for fact in await said() if fact.type.startswith("tracking.page_viewed")]
    assert [fact.data.contact_revision for fact in viewed] == [0, 1]
    await take(page(anonymous_id="a", user_id="u", traits={"plan": "pro"}), page(user_id="u"))
    contact = await find("user_id", "u")
    viewed = [fact for fact in await said() if fact.type.startswith("tracking.page_viewed")]
    assert [fact.data.contact_revision for fact in viewed] == [contact.revision] * 2
    await take(page(anonymous_id="a"))
    assert [fact.data.contact_revision for fact in await said()] == [contact.revision]


async def test_what_is_known_already_is_not_said_again(take, said):
    again = {"anonymous_id": "a", "user_id": "u", "traits": {"plan": "pro"}}
    await take(arrival(**again))
    assert types(await said()) == ["contact_changed"]
    await take(arrival(**again), page(anonymous_id="a", user_id="u"), page(user_id="u"))
    facts = await said()
    assert types(facts) == ["page_viewed", "page_viewed"]
    assert all(fact.data.contact_known for fact in facts)


async def test_two_browsers_of_one_person_become_one(take, find, said):
    await take(page(anonymous_id="phone"), page(anonymous_id="laptop"))
    phone, laptop = await find("anonymous_id", "phone"), await find("anonymous_id", "laptop")
    await take(arrival(anonymous_id="phone", user_id="u"))
    await said()
    await take(page(anonymous_id="laptop"), arrival(anonymous_id="laptop", user_id="u"))
    changed, merged, viewed = await said()
    assert types([changed, merged, viewed]) == ["contact_changed", "contact_merged", "page_viewed"]
    assert (merged.subject, merged.data.into, merged.data.revision) == (
        laptop.id,
        phone.id,
        changed.data.revision,
    )
    assert viewed.subject == phone.id
    assert viewed.data.contact_known
    for identity in (("anonymous_id", "phone"), ("anonymous_id", "laptop"), ("user_id", "u")):
        assert (await find(*identity)).id == phone.id


async def test_merges_of_the_merged_lead_to_who_lives(take, find, database):
    """A laptop's visitor becomes a phone's, who then turns out to be known: nobody is left behind."""
    mail = {"email": "ann@example.com"}
    await take(arrival(user_id="u"), page(anonymous_id="laptop"), arrival(anonymous_id="phone", traits=mail))
    known, phone = await find("user_id", "u"), await find("anonymous_id", "phone")
    await take(arrival(anonymous_id="laptop", traits=mail))
    assert (await find("anonymous_id", "laptop")).id == phone.id
    await take(arrival(user_id="u", traits=mail, trusted=True))
    for identity in (("anonymous_id", "laptop"), ("anonymous_id", "phone"), ("email", mail["email"])):
        assert (await find(*identity)).id == known.id
    async with database.transaction() as tx:
        assert set(await tx.scalars(select(tables.contacts.c.merged_into))) == {None, known.id}


async def test_a_chain_of_merges_in_one_batch_leads_to_who_lives(take, find, database):
    mail = {"email": "ann@example.com"}
    await take(arrival(user_id="u"), page(anonymous_id="laptop"), arrival(anonymous_id="phone", traits=mail))
    await take(arrival(anonymous_id="laptop", traits=mail), arrival(user_id="u", traits=mail, trusted=True))
    known = await find("user_id", "u")
    assert (await find("anonymous_id", "laptop")).id == known.id
    async with database.transaction() as tx:
        assert set(await tx.scalars(select(tables.contacts.c.merged_into))) == {None, known.id}


async def test_a_public_key_overwrites_nothing_and_a_secret_one_may(take, find):
    await take(arrival(user_id="u", traits={"plan": "free", "email": "old@example.com"}))
    await take(arrival(user_id="u", traits={"plan": "pro", "email": "new@example.com"}))
    assert (await find("user_id", "u")).attributes == {"plan": "free"}
    await take(arrival(user_id="u", traits={"plan": "pro", "email": "new@example.com"}, trusted=True))
    contact = await find("user_id", "u")
    assert (contact.attributes, contact.email) == ({"plan": "pro"}, "new@example.com")
    assert await find("email", "old@example.com") is None
    assert (await find("email", "new@example.com")).id == contact.id


@pytest.mark.parametrize("day", [NOON.date(), NOON.date() - timedelta(days=400), UNDATED])
async def test_what_was_taken_is_not_taken_again(take, said, day):
    repeated = page(anonymous_id="a", message="same", day=day)
    assert await take(repeated, page(anonymous_id="a"), repeated) == 2
    assert await take(page(anonymous_id="a"), repeated, now=NOON + timedelta(days=2)) == 1
    assert await take(repeated) == 0
    assert len(await said()) == 3


async def test_another_source_may_use_the_same_id(take):
    assert await take(page(anonymous_id="a", message="m"), page(anonymous_id="a", message="m", source=2)) == 2


async def test_the_first_of_several_with_one_id_is_taken(take, said):
    await take(page("/first", anonymous_id="a", message="m"), page("/second", anonymous_id="a", message="m"))
    assert [fact.data.path for fact in await said()] == ["/first"]


async def test_a_batch_of_the_same_visitor_makes_one_contact(take, database, said):
    await take(*(page(f"/{n}", anonymous_id="a") for n in range(50)))
    assert len({fact.subject for fact in await said()}) == 1
    async with database.transaction() as tx:
        assert await tx.scalar(text("SELECT count(*) FROM tracking.contacts")) == 1


async def test_what_happened_long_ago_goes_by_bulk(take, said):
    old = page("/old", anonymous_id="a")._replace(happened_at=NOON - timedelta(hours=72, seconds=1))
    young = page("/young", anonymous_id="a")._replace(happened_at=NOON - timedelta(hours=72))
    await take(old, young)
    assert [fact.data.path for fact in await said("live")] == ["/young"]
    await take(old._replace(mark=mark_of(1, "another")))
    assert [fact.data.path for fact in await said("bulk")] == ["/old"]


async def count_statements(database, arrivals) -> Counter:
    seen: list[str] = []
    async with database.transaction() as tx:

        def note(query) -> None:
            seen.append(" ".join(query.query.split()[:3]))

        tx.driver.add_query_logger(note)
        await taking.take(tx, arrivals, NOON)
        tx.driver.remove_query_logger(note)
    return Counter(seen)


async def test_statements_do_not_grow_with_the_batch(take, database):
    def batch(size, mark):
        events = []
        for n in range(size):
            name = f"{mark}-{n}"
            events += [
                page(anonymous_id=name),
                arrival(anonymous_id=name, user_id=name, traits={"email": f"{name}@example.com"}),
                page(anonymous_id=f"other-{name}"),
                arrival(anonymous_id=f"other-{name}", user_id=name),
                track(user_id=name),
            ]
        return events

    await take(*batch(1, "first"), page(anonymous_id="first"))  # the driver looks types up, once a connection
    small, large = batch(1, "a"), batch(200, "b")
    counted = await count_statements(database, small)
    assert counted == await count_statements(database, large)
    assert counted.total() <= 8
    again = [one._replace(mark=mark_of(1, f"again-{n}")) for n, one in enumerate(large)]
    known = [page(anonymous_id=f"b-{n}") for n in range(200)]
    assert (await count_statements(database, known)).total() == 3  # taken, whose, said
    assert (await count_statements(database, again)).total() <= 8
    assert (await count_statements(database, again)).total() == 1  # taken already


async def test_another_process_that_comes_first_is_noticed(take, database):
    """Between looking whom an identity leads to and saying so, somebody else says so."""
    async with database.transaction() as tx:
        linked = {Identity("anonymous_id", "a"): NOBODY}
        await contacts.link(tx, linked)
    async with database.transaction() as tx:
        with pytest.raises(Raced):
            await contacts.link(tx, linked | {Identity("anonymous_id", "b"): NOBODY})


async def test_many_at_once_make_one_contact_of_one_visitor(database, find, said):
    """Eight processes, one visitor: each transaction is done again until it is right."""

    async def take(n):
        batch = [
            page(anonymous_id="a"),
            arrival(anonymous_id="a", user_id="u"),
            page(anonymous_id=f"b-{n % 2}"),
        ]
        for _ in range(20):
            try:
                async with database.transaction() as tx:
                    return await taking.take(tx, batch, NOON)
            except Raced:
                continue
        raise AssertionError

    assert await asyncio.gather(*(take(n) for n in range(8))) == [3] * 8
    facts = await said()
    assert Counter(types(facts)) == {"page_viewed": 16, "contact_changed": 1}
    ann = (await find("user_id", "u")).id
    assert {fact.subject for fact in facts} == {
        ann,
        *[(await find("anonymous_id", f"b-{n}")).id for n in (0, 1)],
    }


async def test_twenty_at_once_with_the_same_events_are_taken_once(database, said):
    batch = [page(anonymous_id=f"a-{n}", message=f"same-{n}") for n in range(30)]

    async def take(n):
        for _ in range(20):
            try:
                async with database.transaction() as tx:
                    return await taking.take(tx, batch if n % 2 else batch[::-1], NOON)
            except Raced:
                continue
        raise AssertionError

    assert sorted(await asyncio.gather(*(take(n) for n in range(20))))[-2:] == [0, 30]
    assert len(await said()) == 30


async def test_what_was_taken_is_forgotten_a_week_after_it_came_whatever_its_own_day(take, database):
    old = NOON.date() - timedelta(days=400)
    repeated = [page(anonymous_id="a", message=str(day), day=day) for day in (NOON.date(), old, UNDATED)]
    assert await take(*repeated) == 3

    async def taken_again(days: int) -> int:
        later = NOON + timedelta(days=days)
        async with database.transaction() as tx:
            await messages.forget(tx, later.date())
        async with database.transaction() as tx:
            try:
                return await taking.take(tx, repeated, later)
            finally:
                await tx.driver.execute("ROLLBACK; BEGIN")

    assert [await taken_again(days) for days in (0, 1, 7)] == [0, 0, 0]
    assert await taken_again(8) == 3


async def test_what_an_old_day_took_lately_outlives_its_partition(take, database):
    day = NOON.date()
    late = page(anonymous_id="a", message="late", day=day)
    assert await take(late, now=NOON + timedelta(days=6)) == 1
    async with database.transaction() as tx:
        assert await messages.forget(tx, day + timedelta(days=10)) > 0
    assert await take(late, now=NOON + timedelta(days=10)) == 0
    async with database.transaction() as tx:
        kept = await tx.scalar(text("SELECT received_on FROM ONLY tracking.messages_default"))
    assert kept == date(2026, 12, 7)
