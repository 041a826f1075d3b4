"""What is written for shells is what they read, and secrets are for their owner alone."""

import stat
import subprocess

from canvass_cli import environment, given, secret_files, services

ODD = {"A": "plain", "B": 'it\'s $HOME `x` "y"', "C": "postgresql://u:p%40@h:1/db?a=b&c=d", "EMPTY": ""}


def test_what_was_written_is_read_again(places):
    environment.write(places.environment, ODD)
    assert environment.read(places.environment) == ODD


def test_a_shell_reads_the_same(places):
    environment.write(places.environment, ODD)
    script = f'set -a; . {places.environment}; printf "%s" "$B"'
    read = subprocess.run(["/bin/sh", "-c", script], check=True, capture_output=True, text=True)
    assert read.stdout == ODD["B"]


def test_nobody_else_may_read_it(places):
    environment.write(places.environment, ODD)
    assert stat.S_IMODE(places.environment.stat().st_mode) == 0o600
    assert stat.S_IMODE(places.secrets.stat().st_mode) == 0o700


def test_a_secret_is_made_once(places):
    file = places.secrets / "x"
    assert secret_files.kept(file) == secret_files.kept(file) != secret_files.kept(places.secrets / "y")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_server_given_by_url_is_remembered_until_it_is_taken_back(places, monkeypatch):
    monkeypatch.delenv("RABBITMQ_URL", raising=False)
    monkeypatch.setenv("DATABASE_URL", "postgresql://me:secret@db/x")
    given.remember(places, given.urls(places))
    monkeypatch.delenv("DATABASE_URL")
    assert given.urls(places) == {"DATABASE_URL": "postgresql://me:secret@db/x"}
    monkeypatch.setenv("DATABASE_URL", "")
    assert given.urls(places) == {}


def test_a_shell_that_has_read_our_own_addresses_gives_us_nothing(places, monkeypatch):
    monkeypatch.delenv("RABBITMQ_URL", raising=False)
    environment.write(
        places.environment, {"DATABASE_URL": "postgresql://postgres:random@127.0.0.1:2/canvass"}
    )
    monkeypatch.setenv("DATABASE_URL", "postgresql://postgres:random@127.0.0.1:1/canvass")
    assert given.urls(places) == {}


def test_a_service_is_handed_its_own_settings_of_the_callers_shell(places, monkeypatch):
    monkeypatch.setenv("CANVASS_LOG_LEVEL", "debug")
    monkeypatch.setenv("SEGMENTS_POOL_SIZE", "20")
    monkeypatch.setenv("SEGMENTS_URL", "http://from.canvass.env")
    monkeypatch.setenv("CANVASS_TOKEN", "secret")
    segments, points = (services.environment(places, "amqp://x", name) for name in ("segments", "points"))
    assert segments["CANVASS_LOG_LEVEL"] == points["CANVASS_LOG_LEVEL"] == "debug"
    assert segments["SEGMENTS_POOL_SIZE"] == "20"
    assert "SEGMENTS_POOL_SIZE" not in points
    assert not {"SEGMENTS_URL", "CANVASS_TOKEN"} & set(segments)


def test_who_makes_and_who_reads_links_is_told_the_one_secret_and_nobody_else(places, monkeypatch):
    monkeypatch.setenv("CANVASS_LINK_SECRET", "that of another installation")
    places.make()
    told = {name: services.environment(places, "amqp://x", name) for name in services.NAMES}
    secrets = {name: one["CANVASS_LINK_SECRET"] for name, one in told.items() if "CANVASS_LINK_SECRET" in one}
    assert secrets == dict.fromkeys(("tracking", "channels"), services.link_secret(places))
    assert "another" not in services.link_secret(places)


def test_a_clock_may_be_turned_here_unless_the_caller_says_otherwise(places, monkeypatch):
    places.make()
    assert services.environment(places, "amqp://x", "points")["CANVASS_CLOCK_CAN_TURN"] == "true"
    monkeypatch.setenv("CANVASS_CLOCK_CAN_TURN", "false")
    assert services.environment(places, "amqp://x", "points")["CANVASS_CLOCK_CAN_TURN"] == "false"
