"""A link into the console, for whoever may ask campaigns for one."""

from datetime import timedelta

import pytest
from canvass_cli import login
from canvass_cli.api import Api
from canvass_cli.key_store import KeyStore
from canvass_cli.services import environment
from canvass_cli.trouble import Trouble
from canvass_runtime.tokens import KeyRing, issue

KNOWN = {"CONSOLE_URL": "http://console", "CAMPAIGNS_URL": "http://campaigns", "CANVASS_TOKEN": "t"}


@pytest.fixture
def asked(monkeypatch):
    calls = []

    def call(_, *said):
        calls.append(said)
        return {"token": "s3cret"}

    monkeypatch.setattr(Api, "call", call)
    return calls


def test_the_secret_stands_behind_the_hash_where_no_server_logs_it(asked):
    assert login.link(KNOWN) == "http://console/login#s3cret"
    assert asked == [("POST", "/people/login-link", {"email": login.FIRST})]


def test_without_a_console_it_says_what_to_do(asked):
    with pytest.raises(Trouble, match="canvass up"):
        login.link(KNOWN | {"CONSOLE_URL": ""})


def test_campaigns_alone_is_told_of_the_key_that_signs_for_people(places):
    told = {name: environment(places, "amqp://x", name) for name in ("campaigns", "channels")}
    assert "CAMPAIGNS_SIGNING_KEY" not in told["channels"]
    key = KeyStore.of_people(places).signing()
    assert told["campaigns"]["CAMPAIGNS_SIGNING_KEY"] == str(key)
    assert key.parent != places.secrets


def test_every_service_recognises_whom_campaigns_lets_in(places):
    key = KeyStore.of_people(places).signing()
    token = issue(key, ["contacts:read"], timedelta(minutes=15), "ann@example.com")
    assert KeyRing(places.keys).recognise(token).name == "ann@example.com"
