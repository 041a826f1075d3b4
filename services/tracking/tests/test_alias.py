"""What an alias joins: an id of before, and who somebody is now."""

import pytest
from canvass_tracking.domain.identities import all_identities
from canvass_tracking.domain.model import Identity, IncomingEvent
from hypothesis import given
from hypothesis import strategies as st

from .test_identify import ADA, BOB, BROWSER, World, closure, resolved, said


def alias(previous_id, user_id, trusted=False):
    return IncomingEvent(user_id=user_id, previous_id=previous_id, trusted=trusted)


@pytest.fixture
def world():
    return World()


def test_the_browser_of_before_becomes_the_persons(world):
    world.hears(said(BROWSER, city="Rome"))
    outcome = world.hears(alias("browser", "ada"))
    ada = world.whose(ADA)
    assert (ada.user_id, ada.attributes) == ("ada", {"city": "Rome"})
    assert (outcome.created, outcome.merges) == ((), ())
    assert world.whose(BROWSER) == ada


def test_the_browser_of_before_is_merged_into_who_was_known(world):
    world.hears(said(ADA), said(BROWSER))
    (merge,) = world.hears(alias("browser", "ada")).merges
    assert merge.into == world.whose(ADA).id == world.whose(BROWSER).id


def test_a_public_key_joins_no_two_user_ids(world):
    world.hears(said(ADA), said(BOB))
    outcome = world.hears(alias("bob", "ada"))
    assert outcome.merges == ()
    assert world.whose(ADA) != world.whose(BOB)


@pytest.mark.parametrize("first", [ADA, BOB])
def test_a_secret_key_joins_two_user_ids_and_the_new_one_is_it(world, first):
    world.hears(said(first))
    world.hears(said(ADA), said(BOB))
    (merge,) = world.hears(alias("bob", "ada", trusted=True)).merges
    assert world.whose(ADA) == world.whose(BOB)
    assert (world.whose(ADA).id, world.whose(ADA).user_id) == (merge.into, "ada")


def test_a_user_id_is_replaced_by_another(world):
    world.hears(said(BOB, plan="pro"))
    outcome = world.hears(alias("bob", "ada", trusted=True))
    ada = world.whose(ADA)
    assert (ada.user_id, ada.attributes, outcome.created, outcome.merges) == ("ada", {"plan": "pro"}, (), ())


def test_the_user_id_of_before_leads_to_the_person_ever_after(world):
    world.hears(alias("bob", "ada", trusted=True))
    outcome = world.hears(said(BOB), said(BOB, BROWSER, city="Rome"))
    assert outcome.created == ()
    assert world.whose(BROWSER).attributes == {"city": "Rome"}
    assert world.whose(BROWSER).user_id == "ada"


IDS = st.sampled_from(["a", "b", "c"])
EVENTS = st.builds(
    IncomingEvent,
    anonymous_id=st.none() | IDS,
    user_id=st.none() | IDS,
    traits=st.sampled_from([{}, {"email": "x@x"}, {"email": "y@x", "k": 1}]),
    trusted=st.booleans(),
    previous_id=st.none() | IDS,
).filter(lambda event: all_identities([event]))
ANY = st.lists(EVENTS, max_size=10)


@given(ANY, ANY)
def test_aliases_are_decided_one_by_one_and_from_what_they_speak_of(earlier, batch):
    together, apart, part = World(), World(), World()
    for one in (together, apart, part):
        one.hears(*earlier)
    part.known = closure(part.known, all_identities(batch))
    outcome = together.hears(*batch)
    each = [apart.hears(event).whose[0] for event in batch]
    assert together.known.contacts == apart.known.contacts
    assert outcome.whose == tuple(resolved(apart.known, contact_id) for contact_id in each)
    assert part.hears(*batch) == outcome


@given(ANY)
def test_every_user_id_leads_to_one_living_contact(events):
    world = World()
    world.hears(*events)
    living = [contact for contact in world.known.contacts.values() if contact.merged_into is None]
    for contact in living:
        if contact.user_id:
            assert world.whose(Identity("user_id", contact.user_id)) == contact
    assert all(world.whose(identity) in living for identity in world.known.links)
