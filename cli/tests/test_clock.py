"""`canvass clock`: all services see the same present."""

from datetime import timedelta
from typing import ClassVar

import pytest
from canvass_cli import clock
from canvass_cli.main import app
from canvass_cli.services import NAMES
from canvass_cli.trouble import Trouble
from typer.testing import CliRunner

KNOWN = {"CANVASS_TOKEN": "t"}


class Services:
    """Five services, each of which has a clock."""

    turned: ClassVar[dict[str, timedelta]] = {}

    def __init__(self, name: str) -> None:
        self.name = name

    @classmethod
    def of(cls, name, _):
        return cls(name)

    def call(self, method, path, body=None):
        assert path == "/clock"
        if method == "POST":
            self.turned[self.name] += clock._duration(body["by"])
        by = clock._DURATION.dump_python(self.turned[self.name], mode="json")
        return {"now": "2026-12-01T12:00:00Z", "turned_by": by}


@pytest.fixture(autouse=True)
def services(monkeypatch):
    Services.turned = dict.fromkeys(NAMES, timedelta())
    monkeypatch.setattr(clock, "Api", Services)
    return Services


def test_all_services_are_turned_together(services):
    assert clock.turn_all(KNOWN, timedelta(hours=4)) == timedelta(hours=4)
    assert set(services.turned.values()) == {timedelta(hours=4)}


def test_services_that_disagree_agree_after_the_next_turn(services):
    services.turned["points"] = timedelta(days=3)
    assert clock.turn_all(KNOWN, timedelta(hours=4)) == timedelta(days=3, hours=4)
    assert set(services.turned.values()) == {timedelta(days=3, hours=4)}


def test_what_is_no_duration_turns_nothing(services):
    with pytest.raises(Trouble, match="PT4H"):
        clock.turn("four hours")
    assert set(services.turned.values()) == {timedelta()}


def test_the_present_is_shown_for_each(services):
    shown = CliRunner().invoke(app, ["clock", "show"]).output
    assert [line.split()[0] for line in shown.splitlines()] == list(NAMES)
    assert "turned by PT0S" in shown
