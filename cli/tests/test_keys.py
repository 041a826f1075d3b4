"""Keys are made, listed and revoked where services read them."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from canvass_cli import environment, keys
from canvass_cli.key_store import KeyStore
from canvass_cli.trouble import Trouble
from canvass_runtime.scopes import SCOPES
from canvass_runtime.tokens import KeyRing

DAY = timedelta(days=1)


@pytest.fixture
def store(places):
    return KeyStore.of_stack(places)


def test_a_key_is_recognised_by_what_services_are_given(store):
    caller = KeyRing(store.public).recognise(store.create("me", ["segments:read"], DAY))
    assert (caller.name, caller.scopes) == ("me", {"segments:read"})


def test_what_signs_is_not_where_services_read(store):
    store.create("me", SCOPES, DAY)
    assert [file.name.split(".", 1)[1] for file in store.public.iterdir()] == ["public.pem"]


def test_a_revoked_key_is_refused_and_shown_so(store):
    token = store.create("me", SCOPES, DAY)
    (made,) = store.issued()
    assert store.revoke(made["id"])
    assert store.recognised(token) is None
    assert [one["revoked"] for one in store.issued()] == [True]


def test_a_key_that_was_not_made_here_cannot_be_revoked(store):
    assert not store.revoke("stranger")


def test_the_key_itself_is_not_kept(store):
    token = store.create("me", SCOPES, DAY)
    assert not any(token in file.read_text() for file in store.private.iterdir())


def test_the_key_of_the_stack_stays_the_same_until_it_is_revoked(places, store):
    token = keys.ensure(places)
    environment.write(places.environment, {"CANVASS_TOKEN": token})
    assert keys.ensure(places) == token
    store.revoke(store.issued()[0]["id"])
    assert keys.ensure(places) != token


def test_every_scope_that_a_route_requires_can_be_given():
    checkout = Path(__file__).resolve().parents[2]
    sources = [*checkout.glob("services/*/canvass_*/**/*.py"), *checkout.glob("libs/*/canvass_*/**/*.py")]
    calls = (call for file in sources for call in re.findall(r"Require\(([^)]*)\)", file.read_text()))
    required = {scope for call in calls for scope in re.findall(r'"([a-z]+:[a-z]+)"', call)}
    assert required <= set(SCOPES)


def test_a_key_without_a_name_is_not_made(store):
    with pytest.raises(Trouble):
        keys.create("", days=1, keys_dir=store.public)
    assert not list(store.public.glob("*.pem"))
