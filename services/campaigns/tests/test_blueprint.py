from datetime import timedelta

import pytest
from canvass_campaigns.domain.blueprint import read_blueprint
from canvass_campaigns.domain.duration import parse_duration
from canvass_campaigns.domain.model import Campaign, SegmentSource, Send, Wait
from canvass_rules import Malformed

EMAIL = {"do": "send_email", "template": "hello"}
DOCUMENT = {
    "campaign": "hot-leads",
    "name": "Hot leads",
    "description": "Who is about to buy.",
    "sources": [{"segment": "hot"}],
    "steps": {
        "welcome": EMAIL | {"next": ["pause", "survey"]},
        "pause": {"do": "wait", "for": "P1DT4H", "next": "survey"},
        "survey": EMAIL | {"class": "transactional", "next": None},
    },
}


def read(document):
    return read_blueprint(document, key="hot-leads", version=3)


def steps(**drawn):
    return DOCUMENT | {"steps": drawn}


def test_a_document_becomes_a_campaign_that_starts_at_its_first_step():
    assert read(DOCUMENT) == Campaign(
        key="hot-leads",
        version=3,
        name="Hot leads",
        sources=(SegmentSource("hot"),),
        start=("welcome",),
        steps={
            "welcome": Send("email", ("pause", "survey"), template="hello"),
            "pause": Wait(("survey",), lasting=timedelta(days=1, hours=4)),
            "survey": Send("email", (), template="hello", message_class="transactional"),
        },
    )


def test_several_steps_may_begin_it():
    assert read(steps(a=EMAIL, b=EMAIL) | {"start": ["b", "a"]}).start == ("b", "a")


@pytest.mark.parametrize(
    ("document", "path", "says"),
    [
        (None, "", "must be an object"),
        (DOCUMENT | {"campaign": "other"}, "/campaign", '"hot-leads"'),
        (DOCUMENT | {"name": ""}, "/name", "1 to 200"),
        (DOCUMENT | {"name": "a\0b"}, "/name", "text"),
        (DOCUMENT | {"description": 5}, "/description", "text"),
        (DOCUMENT | {"goal": {}}, "", "does not know 'goal'"),
        (DOCUMENT | {"sources": []}, "/sources", "at least one source"),
        (DOCUMENT | {"sources": [{"page": "/"}]}, "/sources/0", '"segment", "form", "event"'),
        (DOCUMENT | {"sources": [{"segment": "hot", "where": {}}]}, "/sources/0", "does not know 'where'"),
        (DOCUMENT | {"sources": [{"form": "w", "where": {"path": "/"}}]}, "/sources/0/where/path", "form"),
        (DOCUMENT | {"sources": [{"segment": "Hot!"}]}, "/sources/0/segment", "lower-case"),
        (DOCUMENT | {"sources": [{"segment": f"s{i}"} for i in range(101)]}, "/sources", "100 sources"),
        (DOCUMENT | {"steps": {}}, "/steps", "at least one step"),
        (DOCUMENT | {"steps": {f"s{i}": EMAIL for i in range(1001)}}, "/steps", "1000 steps"),
        (DOCUMENT | {"start": "gone"}, "/start", "no step 'gone'"),
        (DOCUMENT | {"start": []}, "/start", "must name a step"),
        (steps(welcome=EMAIL | {"next": "gone"}), "/steps/welcome/next", "no step 'gone'"),
        (steps(welcome=EMAIL | {"next": 7}), "/steps/welcome/next", "step's name"),
        (steps(welcome=EMAIL | {"next": ["a"] * 21}), "/steps/welcome/next", "up to 20"),
        (steps(welcome=EMAIL, lost=EMAIL), "/steps/lost", "no step leads here"),
        (steps(welcome="send_email"), "/steps/welcome", '"opened", "clicked"'),
        (steps(welcome={"do": "dance"}), "/steps/welcome/do", "not 'dance'"),
        (steps(welcome={"do": ["wait"]}), "/steps/welcome/do", "one of"),
        (steps(welcome={"do": "send_email"}), "/steps/welcome", 'lacks "template"'),
        (steps(welcome=EMAIL | {"template": "../x"}), "/steps/welcome/template", "key"),
        (steps(welcome=EMAIL | {"class": "spam"}), "/steps/welcome/class", '"marketing", "transactional"'),
        (steps(welcome=EMAIL | {"to": "x"}), "/steps/welcome", "does not know 'to'"),
        (steps(welcome={"do": "wait", "for": "3 days"}), "/steps/welcome/for", "such as PT4H"),
        (steps(**{"a/b": EMAIL}), "/steps/a~1b", "key"),
        (steps(welcome=EMAIL | {"next": "welcome"}), "/steps/welcome", '"welcome", "welcome"'),
    ],
)
def test_a_mistake_is_named_with_its_place_and_what_is_allowed(document, path, says):
    with pytest.raises(Malformed) as refused:
        read(document)
    problems = {problem.path: problem.message for problem in refused.value.problems}
    assert path in problems
    assert says is None or says in problems[path]


def test_a_circle_is_named_in_the_order_in_which_it_is_walked():
    with pytest.raises(Malformed, match="goes round in a circle") as refused:
        read(steps(a=EMAIL | {"next": "b"}, b=EMAIL | {"next": "c"}, c=EMAIL | {"next": "b"}))
    (problem,) = refused.value.problems
    assert ('"b", "c", "b"' in problem.message) or ('"c", "b", "c"' in problem.message)


def test_all_mistakes_are_told_at_once():
    with pytest.raises(Malformed) as refused:
        read(steps(a=EMAIL | {"class": "spam"}, b={"do": "dance"}) | {"sources": []})
    assert [problem.path for problem in refused.value.problems] == [
        "/sources",
        "/steps/a/class",
        "/steps/b/do",
    ]


def test_a_thousand_steps_in_a_row_are_read():
    chain = {f"s{i}": EMAIL | {"next": f"s{i + 1}" if i < 999 else None} for i in range(1000)}
    assert len(read(DOCUMENT | {"steps": chain}).steps) == 1000


@pytest.mark.parametrize(
    ("text", "lasting"),
    [
        ("PT4H", timedelta(hours=4)),
        ("P3D", timedelta(days=3)),
        ("P2W", timedelta(weeks=2)),
        ("P1DT2H3M4S", timedelta(days=1, hours=2, minutes=3, seconds=4)),
        ("PT90M", timedelta(minutes=90)),
        *(
            (text, None)
            for text in ["", "P", "PT", "P1DT", "PT0S", "P3650DT1S", "P1M", "P1Y", "pt4h", "-P1D"]
        ),
        *((text, None) for text in ["PT1.5H", "P1D ", "P\uff11D", 5, None]),
    ],
)
def test_how_long(text, lasting):
    assert parse_duration(text) == lasting
