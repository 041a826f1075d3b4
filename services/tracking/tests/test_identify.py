from datetime import UTC, datetime, timedelta
from itertools import count
from uuid import UUID

import pytest
from canvass_tracking.domain.identify import Nobody, identify
from canvass_tracking.domain.identities import all_identities
from canvass_tracking.domain.merge import lives_on
from canvass_tracking.domain.model import Contact, Identity, IncomingEvent, Known
from canvass_tracking.domain.traits import MAX_ATTRIBUTES
from hypothesis import given
from hypothesis import strategies as st

NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)
BROWSER, PHONE = Identity("anonymous_id", "browser"), Identity("anonymous_id", "phone")
ADA, BOB = Identity("user_id", "ada"), Identity("user_id", "bob")
ADA_MAIL, BOB_MAIL = Identity("email", "ada@x.org"), Identity("email", "bob@x.org")


def said(*identities, trusted=False, **traits):
    stated = {identity.kind: identity.value for identity in identities}
    return IncomingEvent(**stated, traits=traits, trusted=trusted)


class World:
    """Remembers as the store would: contacts, links, and the links of losers moved to winners."""

    def __init__(self):
        self.known = Known()
        self.ids = (UUID(int=number) for number in count(1))

    def hears(self, *events, now=NOON):
        outcome = identify(events, self.known, now, lambda: next(self.ids))
        self.known = after(self.known, outcome)
        return outcome

    def whose(self, identity):
        return self.known.contacts[resolved(self.known, self.known.links[identity])]


def after(known, outcome):
    contacts = {**known.contacts, **outcome.changed}
    links = {**known.links, **outcome.linked}
    links = {identity: link for identity, link in links.items() if identity not in outcome.unlinked}
    return Known(contacts, links)


def resolved(known, contact_id):
    while (into := known.contacts[contact_id].merged_into) is not None:
        contact_id = into
    return contact_id


@pytest.fixture
def world():
    return World()


def test_a_new_visitor_becomes_a_contact(world):
    outcome = world.hears(said(BROWSER))
    (contact,) = outcome.changed.values()
    assert (outcome.created, outcome.whose) == ((contact.id,), (contact.id,))
    assert (contact.revision, contact.identified, contact.identified_at) == (1, False, None)
    assert (outcome.linked, outcome.merges) == ({BROWSER: contact.id}, ())


def test_a_visitor_who_comes_again_changes_nothing(world):
    world.hears(said(BROWSER))
    outcome = world.hears(said(BROWSER), said(BROWSER))
    assert (outcome.created, outcome.changed, outcome.linked) == ((), {}, {})
    assert outcome.whose == (UUID(int=1),) * 2


def test_a_visitor_who_tells_who_it_is_stays_the_same_contact(world):
    outcome = world.hears(said(BROWSER), said(BROWSER, ADA, ADA_MAIL, name="Ada"), said(ADA))
    ada = world.whose(ADA)
    assert (ada.user_id, ada.email, ada.attributes) == ("ada", "ada@x.org", {"name": "Ada"})
    assert (ada.revision, ada.identified_at) == (2, NOON)
    assert outcome.whose == (ada.id,) * 3
    assert ada == world.whose(BROWSER) == world.whose(ADA_MAIL)


def test_a_second_browser_of_a_known_person_is_merged_into_her(world):
    world.hears(said(BROWSER, ADA, name="Ada"))
    world.hears(said(PHONE, name="?", city="Rome"))
    outcome = world.hears(said(PHONE), said(PHONE, ADA))
    ada = world.whose(ADA)
    (merge,) = outcome.merges
    assert (merge.loser, merge.into, merge.revision) == (UUID(int=2), ada.id, ada.revision)
    assert ada.attributes == {"name": "Ada", "city": "Rome"}
    assert outcome.whose == (ada.id, ada.id)
    loser = outcome.changed[merge.loser]
    assert (loser.merged_into, loser.attributes, loser.revision) == (ada.id, {}, 2)


def test_the_identified_one_lives_on_although_the_anonymous_one_is_older(world):
    world.hears(said(PHONE))
    world.hears(said(ADA), now=NOON + timedelta(days=1))
    world.hears(said(PHONE, ADA), now=NOON + timedelta(days=2))
    assert (world.whose(PHONE).id, world.whose(PHONE).created_at) == (UUID(int=2), NOON)


@pytest.mark.parametrize(
    ("one", "other", "first"),
    [
        (Contact(UUID(int=2), NOON, user_id="a"), Contact(UUID(int=1), NOON), True),
        (Contact(UUID(int=1), NOON), Contact(UUID(int=2), NOON, email="a"), False),
        (Contact(UUID(int=2), NOON), Contact(UUID(int=1), NOON + timedelta(1)), True),
        (Contact(UUID(int=2), NOON), Contact(UUID(int=1), NOON), False),
    ],
)
def test_which_of_two_lives_on(one, other, first):
    assert (lives_on(one, other), lives_on(other, one)) == (first, not first)


def test_two_people_at_one_browser_stay_two(world):
    outcome = world.hears(said(BROWSER, ADA), said(BROWSER, BOB), said(BROWSER))
    ada, bob = world.whose(ADA), world.whose(BOB)
    assert outcome.whose == (ada.id, bob.id, ada.id)
    assert ada.id != bob.id


def test_two_addresses_at_one_browser_stay_two(world):
    outcome = world.hears(said(BROWSER, ADA_MAIL), said(BROWSER, BOB_MAIL))
    assert len(set(outcome.whose)) == 2
    assert world.whose(BROWSER) == world.whose(ADA_MAIL)


def test_who_was_known_by_address_alone_is_found_again_when_signing_up(world):
    world.hears(said(ADA_MAIL))
    world.hears(said(BROWSER))
    world.hears(said(BROWSER, ADA, ADA_MAIL))
    assert world.whose(ADA) == world.whose(ADA_MAIL) == world.whose(BROWSER)
    assert world.whose(ADA).id == UUID(int=1)


class TestAPublicKey:
    def test_fills_what_is_empty_and_overwrites_nothing(self, world):
        world.hears(said(ADA, ADA_MAIL, plan="free", city="", age=None)._replace(phone="+1"))
        again = said(ADA, BOB_MAIL, plan="pro", city="Rome", age=40, name=None)
        world.hears(again._replace(phone="+2"))
        ada = world.whose(ADA)
        assert (ada.email, ada.phone) == ("ada@x.org", "+1")
        assert ada.attributes == {"plan": "free", "city": "Rome", "age": 40}
        assert BOB_MAIL not in world.known.links

    def test_merges_no_two_that_are_known(self, world):
        world.hears(said(ADA), said(BOB_MAIL))
        outcome = world.hears(said(ADA, BOB_MAIL))
        assert (outcome.merges, outcome.changed) == ((), {})
        assert world.whose(ADA).email is None

    def test_takes_no_address_from_another(self, world):
        world.hears(said(BOB, BOB_MAIL), said(BROWSER))
        world.hears(said(BROWSER, ADA, BOB_MAIL))
        assert world.whose(BOB_MAIL).user_id == "bob"
        assert world.whose(BROWSER).user_id == "ada"


class TestATrustedSource:
    def test_replaces_what_is_there_and_takes_away(self, world):
        world.hears(said(ADA, ADA_MAIL, plan="free", city="Rome", vip=1)._replace(phone="+1"))
        again = said(ADA, BOB_MAIL, plan="pro", city=None, vip=True, trusted=True)
        outcome = world.hears(again._replace(phone="+2"))
        ada = world.whose(ADA)
        assert ada.phone == "+2"
        assert (ada.email, ada.attributes) == ("bob@x.org", {"plan": "pro", "vip": True})
        assert (outcome.linked, outcome.unlinked) == ({BOB_MAIL: ada.id}, {ADA_MAIL})

    def test_an_address_let_go_may_become_anothers(self, world):
        world.hears(said(ADA, ADA_MAIL), said(ADA, BOB_MAIL, trusted=True), said(BOB, ADA_MAIL))
        assert (world.whose(ADA_MAIL).user_id, world.whose(BOB_MAIL).user_id) == ("bob", "ada")

    def test_merges_two_that_are_known_into_the_older(self, world):
        world.hears(said(ADA_MAIL, name="Ada"))
        world.hears(said(ADA, BOB_MAIL, name="?", city="Rome"), now=NOON + timedelta(1))
        outcome = world.hears(said(ADA, ADA_MAIL, trusted=True))
        ada = world.whose(ADA)
        assert (ada.id, ada.email, ada.user_id) == (UUID(int=1), "ada@x.org", "ada")
        assert (ada.attributes, outcome.unlinked) == ({"name": "Ada", "city": "Rome"}, {BOB_MAIL})

    @pytest.mark.parametrize("event", [said(BROWSER, BOB, trusted=True), said(BOB, ADA_MAIL, trusted=True)])
    def test_makes_no_two_user_ids_one(self, world, event):
        world.hears(said(BROWSER, ADA, ADA_MAIL), said(BOB))
        outcome = world.hears(event)
        assert outcome.merges == ()
        assert world.whose(ADA).id != world.whose(BOB).id

    def test_a_stranger_at_a_known_address_does_not_take_it_over(self, world):
        world.hears(said(ADA, ADA_MAIL), said(BROWSER))
        world.hears(said(BROWSER, BOB, ADA_MAIL, trusted=True))
        assert (world.whose(ADA_MAIL).user_id, world.whose(BROWSER).user_id) == ("ada", "bob")


def test_an_event_of_nobody_is_refused(world):
    with pytest.raises(Nobody):
        world.hears(said(name="Ada"))


def test_a_contact_holds_so_many_attributes_and_no_more(world):
    world.hears(said(ADA, **{f"a{i}": i for i in range(MAX_ATTRIBUTES - 1)}))
    world.hears(said(ADA, b=1, c=2))
    assert len(world.whose(ADA).attributes) == MAX_ATTRIBUTES
    assert world.hears(said(ADA, b=1, c=2)).changed == {}
    world.hears(said(BROWSER, d=4), said(BROWSER, ADA))
    assert "d" not in world.whose(ADA).attributes


# --- laws, over any events

EVENTS = st.builds(
    IncomingEvent,
    anonymous_id=st.sampled_from([None, "a", "b", "c"]),
    user_id=st.sampled_from([None, None, "u", "v"]),
    traits=st.dictionaries(st.sampled_from(["k", "l"]), st.sampled_from([1, 2, "", None])),
    trusted=st.just(False),
    email=st.sampled_from([None, None, "x@x", "y@x"]),
    phone=st.sampled_from([None, None, "+1", "+2"]),
    tags=st.sampled_from([(), ("t",), ("s", "t")]),
    contact_id=st.none(),
    previous_id=st.none(),
).filter(lambda event: all_identities([event]))
TRUSTED = EVENTS.map(lambda event: event._replace(trusted=True))
ANY = st.lists(EVENTS | TRUSTED, max_size=12)


@given(ANY, ANY)
def test_a_batch_is_decided_like_its_events_one_by_one(earlier, batch):
    together, apart = World(), World()
    for world in (together, apart):
        world.hears(*earlier)
    whose = together.hears(*batch).whose
    each = [apart.hears(event).whose[0] for event in batch]
    assert together.known.contacts == apart.known.contacts
    assert whose == tuple(resolved(apart.known, contact_id) for contact_id in each)
    living = [
        {link: resolved(world.known, id_) for link, id_ in world.known.links.items()}
        for world in (together, apart)
    ]
    assert living[0] == living[1]


@given(st.lists(EVENTS, max_size=15))
def test_the_same_batch_again_changes_nothing(batch):
    world = World()
    whose = world.hears(*batch).whose
    again = world.hears(*batch)
    assert (again.created, again.changed, again.linked, again.merges) == ((), {}, {}, ())
    assert set(again.whose) == set(whose)


@given(ANY)
def test_every_identity_leads_to_one_living_contact_that_bears_it(events):
    world = World()
    world.hears(*events)
    living = [contact for contact in world.known.contacts.values() if contact.merged_into is None]
    for contact in living:
        if contact.user_id:
            assert world.whose(Identity("user_id", contact.user_id)) == contact
        if contact.email:
            assert world.whose(Identity("email", contact.email)) == contact
        assert contact.identified == (contact.identified_at is not None)
    for identity in world.known.links:
        holder = world.whose(identity)
        assert holder in living
        assert identity.kind == "anonymous_id" or identity.value in (holder.user_id, holder.email)


@given(ANY, st.lists(EVENTS, max_size=8))
def test_a_public_key_changes_nothing_that_was_known(earlier, events):
    world = World()
    world.hears(*earlier)
    before = world.known.contacts
    outcome = world.hears(*events)
    for contact_id, contact in before.items():
        if contact.identified and contact.merged_into is None:
            now = outcome.changed.get(contact_id, contact)
            assert now.merged_into is None
            assert contact.user_id in (None, now.user_id)
            assert contact.email in (None, now.email)
            assert contact.phone in (None, now.phone)
            assert all(
                now.attributes[name] == value for name, value in contact.attributes.items() if value != ""
            )


PEOPLE = {
    kind: [f"{kind}-{person}" + mail for person in "ab"] for kind, mail in [("user_id", ""), ("email", "@x")]
}


@st.composite
def of_somebody(draw):
    """An event of one of two people, each with a user id, an address and browsers of their own."""
    person = draw(st.integers(0, 1))
    names = draw(st.sets(st.sampled_from(["user_id", "email", "anonymous_id"]), min_size=1))
    stated = {name: PEOPLE[name][person] for name in names & PEOPLE.keys()}
    if "anonymous_id" in names:
        stated["anonymous_id"] = f"browser-{person}-{draw(st.integers(0, 2))}"
    return IncomingEvent(**stated, trusted=True)


@given(st.lists(of_somebody(), max_size=10), st.randoms(use_true_random=False))
def test_in_whatever_order_a_trusted_source_tells_it_the_same_people_come_of_it(events, chance):
    shuffled = list(events)
    chance.shuffle(shuffled)
    assert people(events) == people(shuffled)


def people(events):
    """Who is known by what, whatever the contacts are called."""
    world = World()
    world.hears(*events)
    known = {}
    for identity in world.known.links:
        known.setdefault(world.whose(identity).id, set()).add(identity)
    return {frozenset(identities) for identities in known.values()}


@given(ANY)
def test_who_was_merged_is_found_for_ever_and_no_two_who_live_share_an_identity(events):
    world = World()
    living = set()
    for event in events:
        living |= set(world.hears(event).created)
    ends = [world.known.contacts[resolved(world.known, id_)] for id_ in living]
    assert all(one.merged_into is None for one in ends)
    alive = {one.id: one for one in ends}.values()
    for name in ("user_id", "email"):
        borne = [getattr(one, name) for one in alive if getattr(one, name)]
        assert len(borne) == len(set(borne))


@given(ANY, ANY)
def test_what_lies_outside_the_batch_needs_not_be_known(earlier, batch):
    whole, part = World(), World()
    for world in (whole, part):
        world.hears(*earlier)
    part.known = closure(part.known, all_identities(batch))
    assert whole.hears(*batch) == part.hears(*batch)


def closure(known, identities):
    """What the store loads: the links asked for, their contacts, and whom those were merged into."""
    links = {identity: known.links[identity] for identity in identities if identity in known.links}
    contacts, ahead = {}, list(links.values())
    while ahead:
        contact = known.contacts[ahead.pop()]
        contacts[contact.id] = contact
        if contact.merged_into:
            ahead.append(contact.merged_into)
    return Known(contacts, links)
