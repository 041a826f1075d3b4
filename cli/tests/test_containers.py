"""What the containers of an installation are given, and what somebody outside is told."""

import pytest
from canvass_cli import containers, environment, outside, sources
from canvass_cli.key_store import KeyStore
from canvass_cli.places import Places
from canvass_cli.services import NAMES
from canvass_cli.trouble import Trouble


@pytest.fixture
def installation(places, monkeypatch):
    monkeypatch.setenv("CANVASS_RUN", str(places.run))
    monkeypatch.setenv("POSTGRES_ADDRESS", "postgres:5432")
    monkeypatch.setenv("RABBITMQ_ADDRESS", "rabbitmq:5672")
    for name in NAMES:
        monkeypatch.setenv(f"{name.upper()}_URL", f"http://{name}:8080")
    return places


@pytest.fixture
def tracking(monkeypatch):
    monkeypatch.setattr(sources, "ensure", lambda known: f"wk_of_{len(known['CANVASS_TOKEN']) > 100}")


def handed(places):
    return {str(file.relative_to(places.handed)): file.read_text() for file in places.handed.glob("*/*")}


def test_a_container_is_given_what_it_needs_and_no_more(installation):
    containers.secrets()
    given = handed(installation)
    servers = {"postgres/password", "rabbitmq/rabbitmq.conf"}
    services = {f"{name}/{what}" for name in NAMES for what in ("database_url", "rabbitmq_url")}
    signing = {"tracking/link_secret", "channels/link_secret", "campaigns/people.private.pem"}
    assert set(given) == servers | services | signing
    assert given["tracking/link_secret"] == given["channels/link_secret"]
    assert given["points/database_url"].startswith("postgresql://canvass_points:")
    assert given["points/database_url"].endswith("@postgres:5432/canvass")


def test_what_the_broker_is_told_lets_the_services_in(installation):
    containers.secrets()
    given = handed(installation)
    password = given["rabbitmq/rabbitmq.conf"].split("default_pass = ")[1].splitlines()[0]
    assert given["segments/rabbitmq_url"] == f"amqp://canvass:{password}@rabbitmq:5672/"


def test_secrets_are_made_once(installation):
    containers.secrets()
    before = handed(installation), environment.read(installation.environment)
    containers.secrets()
    assert (handed(installation), environment.read(installation.environment)) == before


def test_secrets_are_not_made_for_containers_that_are_nowhere(installation, monkeypatch):
    monkeypatch.delenv("RABBITMQ_ADDRESS")
    with pytest.raises(Trouble, match="RABBITMQ_ADDRESS"):
        containers.secrets()


def test_nothing_is_migrated_without_secrets(installation):
    with pytest.raises(Trouble, match="secrets"):
        containers.migrate()


def test_outside_one_is_told_published_addresses_and_keys_that_are_good(installation, tracking, monkeypatch):
    containers.secrets()
    monkeypatch.setenv("TRACKING_PUBLISHED", "127.0.0.1:8101")
    monkeypatch.setenv("RABBITMQ_PUBLISHED", "127.0.0.1:5672")
    told = outside.view(installation)
    inside = environment.read(installation.environment)
    assert told["TRACKING_URL"] == "http://127.0.0.1:8101"
    assert told["SEGMENTS_URL"] == "http://segments:8080"
    assert told["RABBITMQ_URL"] == inside["RABBITMQ_URL"].replace("rabbitmq:5672", "127.0.0.1:5672")
    assert KeyStore.of_stack(installation).recognised(told["CANVASS_TOKEN"])
    assert told["CANVASS_WRITE_KEY"] == "wk_of_True" == inside["CANVASS_WRITE_KEY"]


def test_outside_one_is_told_nothing_before_there_is_something(installation):
    with pytest.raises(Trouble, match="RABBITMQ_URL"):
        outside.view(Places.of_stack())
