"""Templates are rendered where they can be killed."""

import os
import signal
from uuid import UUID

import pytest
from canvass_channels.senders import press as press_module
from canvass_channels.senders.press import MOST_JOBS
from canvass_channels.senders.press_protocol import Job, Printed, Source, Spoiled

GOOD = Source("good", "Hello {{ contact.name }}", "Hello", None)
SLOW = (
    "{% assign a = contact.long %}{% for i in (1..9999) %}{% assign b = a | replace: 'a', 'bb' %}{% endfor %}"
)
HEAVY = (
    "{% for i in (1..9000) %}{% assign b = contact.long | split: '' | sort | uniq | join: 'x' %}{% endfor %}"
)


def job(source=GOOD, **contact):
    return Job(source, {"contact": {"name": "Ann"} | contact})


async def test_a_batch_is_rendered_in_one_go(tools):
    printed = await tools.press.print([job(name=str(number)) for number in range(MOST_JOBS)])
    assert [one.subject for one in printed] == [f"Hello {number}" for number in range(len(printed))]
    assert printed


@pytest.mark.parametrize("text", [SLOW, HEAVY])
async def test_what_takes_too_long_is_stopped_and_its_neighbours_are_not(tools, text):
    slow = job(Source("slow", "Hello", text, None), long="a" * 20_000)
    results = []
    jobs = [job(), slow, job()]
    while jobs:
        done = await tools.press.print(jobs)
        results += done
        jobs = jobs[len(done) :]
    assert [type(one) for one in results] == [Printed, Spoiled, Printed]
    assert "more than 0.5 s" in results[1].reason


async def test_a_process_that_does_not_answer_is_killed_and_the_culprit_found(tools, monkeypatch):
    """As one would be whose template hangs where no limit of ours holds."""
    monkeypatch.setattr(press_module, "ANSWER_SECONDS", 0.3)
    asked = press_module._Child.print

    async def print_unless_stuck(self, jobs):
        if any(one.values.get("hangs") for one in jobs):
            os.kill(self._process.pid, signal.SIGSTOP)
        return await asked(self, jobs)

    monkeypatch.setattr(press_module._Child, "print", print_unless_stuck)
    jobs = [job(), job(), Job(GOOD, {"hangs": True}), job()]
    results = []
    while jobs:
        done = await tools.press.print(jobs)
        results += done
        jobs = jobs[len(done) :]
    assert [type(one) for one in results] == [Printed, Printed, Spoiled, Printed]
    assert "far too long" in results[2].reason


async def test_a_process_that_was_killed_is_replaced(tools):
    await tools.press.print([job()])
    (child,) = tools.press._idle
    child._process.kill()
    await child._process.wait()
    assert isinstance((await tools.press.print([job()]))[0], Printed | Spoiled)
    assert isinstance((await tools.press.print([job()]))[0], Printed)


async def test_many_templates_are_known_and_the_oldest_forgotten(tools, monkeypatch):
    monkeypatch.setattr(press_module, "KEPT_SOURCES", 3)
    for _ in range(2):
        for number in range(8):
            source = Source(f"s{number}", "x", f"{number}", None)
            (printed, *_) = await tools.press.print([job(source)])
            assert printed.text == str(number)
    assert len(tools.press._idle[0]._known) == 3


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("{{ (1..100000000) | join }}", "10000 numbers"),
        ("{% for i in (1..10000) %}{% for j in (1..10000) %}x{% endfor %}{% endfor %}", "loop iteration"),
        ("{% for i in (1..10000) %}" + "a" * 200 + "{% endfor %}", "output"),
        (
            "{% assign x = 'aaaaaaaaaa' %}"
            + "{% for i in (1..30) %}{% assign x = x | append: x %}{% endfor %}",
            "given too much",
        ),
    ],
)
async def test_a_bomb_is_found_when_a_template_is_saved(tools, text, says):
    assert says in (await tools.press.check("Hello", text, None))["text"]


async def test_what_depends_on_the_contact_is_not_held_against_a_template(tools):
    assert (
        await tools.press.check("{{ 10 | divided_by: contact.n }}", "{{ contact.date | date: '%Y' }}", "")
        == {}
    )


async def test_unsubscribe_links_are_those_of_the_contact(tools, settings):
    reaction = {
        "effect_id": str(UUID(int=7)), "contact_id": str(UUID(int=1)), "channel": "email",
        "template": "welcome", "campaign": None, "journey_id": None, "step": None,
    }  # fmt: skip
    (printed,) = await tools.press.print([Job(Source("u", "x", "{{ unsubscribe_url }}", None), {}, reaction)])
    assert printed.text == printed.unsubscribe_url
    assert printed.text.startswith(f"{settings.public_url}/u/")
