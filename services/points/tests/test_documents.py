"""How the documents of actions and triggers are read."""

import pytest
from canvass_points.domain.action_document import read_action
from canvass_points.domain.model import (
    MAX_DELTA,
    MAX_THRESHOLD,
    Action,
    ChangeSegment,
    Notify,
    Trigger,
    Webhook,
)
from canvass_points.domain.trigger_document import read_trigger
from canvass_rules import FieldRule, Group, Malformed

PAGE = {"name": "Looked at prices", "on": "page_viewed", "path": "/pricing", "delta": 10}
EVENT = {"name": "Bought", "on": "event_tracked", "event": "Order *", "delta": -5, "active": False}
FORM = {"name": "Webinar", "on": "form_submitted", "form": "webinar", "delta": 20, "repeat": "once"}
TRIGGER = {
    "name": "Hot prospect",
    "at": 100,
    "do": [
        {"webhook": "crm", "values": {"stage": "Hot", "tags": [1, None, {"a": True}]}},
        {"notify": "sales", "template": "hot"},
        {"segment": "hot"},
        {"segment": "cold", "member": False},
    ],
}


def test_a_document_is_an_action():
    def meant(field, operator, value):
        return Group("all", (FieldRule(field, operator, value),))

    assert read_action(PAGE, key="k", revision=3) == Action(
        "k", 3, "page_viewed", meant("path", "=", "/pricing"), 10
    )
    assert read_action(EVENT, key="k", revision=1) == Action(
        "k", 1, "event_tracked", meant("name", "matches", "Order *"), -5, once=False, active=False
    )
    assert read_action(FORM, key="k", revision=1) == Action(
        "k", 1, "form_submitted", meant("form", "=", "webinar"), 20, once=True
    )
    opened = {"name": "Reads our mail", "on": "email_opened", "delta": 5}
    assert read_action(opened, key="k", revision=1).where is None


def test_what_is_said_for_short_holds_beside_where():
    action = read_action({**EVENT, "where": {"properties.plan": "pro"}}, key="k", revision=1)
    plan = Group("all", (FieldRule("properties.plan", "=", "pro"),))
    assert action.where == Group("all", (FieldRule("name", "matches", "Order *"), plan))


@pytest.mark.parametrize(
    ("document", "path"),
    [
        pytest.param(None, "", id="nothing"),
        pytest.param([], "", id="a list"),
        pytest.param({}, "", id="empty"),
        pytest.param({**PAGE, "name": ""}, "/name", id="no name"),
        pytest.param({**PAGE, "on": "flown"}, "/on", id="no behaviour"),
        pytest.param({**PAGE, "on": 5}, "/on", id="no word"),
        pytest.param({**PAGE, "on": []}, "/on", id="a list for a word"),
        pytest.param({**PAGE, "path": ""}, "/path", id="no path"),
        pytest.param({**PAGE, "path": "\0"}, "/path", id="NUL"),
        pytest.param({**PAGE, "path": "/" * 1001}, "/path", id="too long a path"),
        pytest.param({**PAGE, "event": "x"}, "", id="what belongs to another behaviour"),
        pytest.param({**PAGE, "where": {"name": "x"}}, "/where/name", id="what pages do not have"),
        pytest.param({**PAGE, "where": 5}, "/where", id="no where"),
        pytest.param({**PAGE, "delta": 0}, "/delta", id="nothing earned"),
        pytest.param({**PAGE, "delta": True}, "/delta", id="true"),
        pytest.param({**PAGE, "delta": 1.5}, "/delta", id="a fraction"),
        pytest.param({**PAGE, "delta": MAX_DELTA + 1}, "/delta", id="too much"),
        pytest.param({**PAGE, "repeat": "twice"}, "/repeat", id="an odd repeat"),
        pytest.param({**PAGE, "active": "yes"}, "/active", id="no truth"),
    ],
)
def test_what_is_wrong_in_an_action_is_said_with_its_place(document, path):
    with pytest.raises(Malformed) as malformed:
        read_action(document, key="k", revision=1)
    assert path in {problem.path for problem in malformed.value.problems}


def test_a_document_is_a_trigger():
    reactions = (
        Webhook("crm", {"stage": "Hot", "tags": [1, None, {"a": True}]}),
        Notify("sales", "hot"),
        ChangeSegment("hot", member=True),
        ChangeSegment("cold", member=False),
    )
    assert read_trigger(TRIGGER, key="k", revision=2) == Trigger("k", 2, 100, reactions)
    again = {**TRIGGER, "repeat": "each_time", "active": False}
    assert read_trigger(again, key="k", revision=2) == Trigger(
        "k", 2, 100, reactions, each_time=True, active=False
    )


def nested(depth):
    return {"a": nested(depth - 1)} if depth else 1


def _do(*reactions):
    return {**TRIGGER, "do": list(reactions)}


@pytest.mark.parametrize(
    ("document", "path"),
    [
        pytest.param(None, "", id="nothing"),
        pytest.param({**TRIGGER, "when": 1}, "", id="an unknown member"),
        pytest.param({**TRIGGER, "at": 0}, "/at", id="where everybody begins"),
        pytest.param({**TRIGGER, "at": True}, "/at", id="true"),
        pytest.param({**TRIGGER, "at": MAX_THRESHOLD + 1}, "/at", id="too high"),
        pytest.param({**TRIGGER, "repeat": "always"}, "/repeat", id="an odd repeat"),
        pytest.param(_do(), "/do", id="nothing to do"),
        pytest.param({**TRIGGER, "do": "webhook"}, "/do", id="no list"),
        pytest.param(_do(*TRIGGER["do"] * 3), "/do", id="too much to do"),
        pytest.param(_do({"email": "x"}), "/do/0", id="nothing that it can do"),
        pytest.param(_do({"webhook": "CRM"}), "/do/0/webhook", id="no key"),
        pytest.param(_do({"webhook": "crm\n"}), "/do/0/webhook", id="a key and more"),
        pytest.param(_do({"webhook": "crm", "values": []}), "/do/0/values", id="no values"),
        pytest.param(_do({"webhook": "crm", "member": True}), "/do/0", id="what is not its own"),
        pytest.param(_do({"webhook": "crm", "values": {"a": "\0"}}), "/do/0/values/a", id="NUL"),
        pytest.param(_do({"webhook": "crm", "values": {"a": float("nan")}}), "/do/0/values/a", id="NaN"),
        pytest.param(_do({"webhook": "crm", "values": {"a": [2**60]}}), "/do/0/values/a/0", id="too large"),
        pytest.param(_do({"webhook": "crm", "values": {"a" * 1001: 1}}), None, id="too long a name"),
        pytest.param(_do({"webhook": "crm", "values": {"a": [[]] * 101}}), "/do/0/values", id="too many"),
        pytest.param(_do({"webhook": "crm", "values": nested(6)}), "/do/0/values/a/a/a/a/a", id="too deep"),
        pytest.param(_do({"notify": "sales", "template": 5}), "/do/0/template", id="no template"),
        pytest.param(_do({"segment": ""}), "/do/0/segment", id="no segment"),
        pytest.param(_do({"segment": "s", "member": 1}), "/do/0/member", id="no truth"),
    ],
)
def test_what_is_wrong_in_a_trigger_is_said_with_its_place(document, path):
    with pytest.raises(Malformed) as malformed:
        read_trigger(document, key="k", revision=1)
    assert path is None or path in {problem.path for problem in malformed.value.problems}
