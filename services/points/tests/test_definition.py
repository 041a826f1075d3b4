"""How an action's document is read."""

import pytest
from canvass_points.domain.definition import read_action
from canvass_points.domain.model import MAX_DELTA, Action
from canvass_rules import Malformed

PAGE = {"name": "Looked at prices", "on": "page_viewed", "path": "/pricing", "delta": 10}
EVENT = {"name": "Bought", "on": "event_tracked", "event": "Order *", "delta": -5, "active": False}


def test_a_document_is_an_action():
    assert read_action(PAGE, key="k", revision=3) == Action("k", 3, "page_viewed", "/pricing", 10)
    assert read_action(EVENT, key="k", revision=1) == Action("k", 1, "event_tracked", "Order *", -5, False)


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
        pytest.param({**PAGE, "delta": 0}, "/delta", id="nothing earned"),
        pytest.param({**PAGE, "delta": True}, "/delta", id="true"),
        pytest.param({**PAGE, "delta": 1.5}, "/delta", id="a fraction"),
        pytest.param({**PAGE, "delta": MAX_DELTA + 1}, "/delta", id="too much"),
        pytest.param({**PAGE, "active": "yes"}, "/active", id="no truth"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(document, path):
    with pytest.raises(Malformed) as malformed:
        read_action(document, key="k", revision=1)
    assert path in {problem.path for problem in malformed.value.problems}
