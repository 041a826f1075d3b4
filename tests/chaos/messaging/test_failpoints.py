"""Killed at every point where a promise could break, each at least once; nothing is lost, nothing doubled."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import pytest
from canvass_messaging.failpoints import NAMES

from tests.chaos.messaging.actors import Actor
from tests.chaos.messaging.facts import people, poisonous_view, sick_view, views
from tests.chaos.messaging.house import House

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(180)]

PEOPLE = people(40, seed=1)


async def visits(house: House) -> None:
    await house.ask(views(200, PEOPLE))


async def left_behind(house: House) -> None:
    for _ in range(3):
        await house.leave(views(20, PEOPLE))


async def visits_with_poison(house: House) -> None:
    await house.ask([*views(30, PEOPLE), poisonous_view(PEOPLE[3]), *views(30, PEOPLE)], a_message=61)


async def sick_visits(house: House) -> None:
    await house.ask([*views(20, PEOPLE), *map(sick_view, PEOPLE[:5])])


async def dead_letters(house: House) -> None:
    for _ in range(3):
        await house.give_up(views(5, PEOPLE))


@dataclass(frozen=True)
class Scenario:
    """Who is killed, at which of its passages, and what makes it pass."""

    victim: str
    load: Callable[[House], Awaitable[None]] = visits
    passage: int = 1


SCENARIOS = {
    "outbox.before_commit": Scenario("tracking", passage=3),
    "relay.after_commit": Scenario("tracking", passage=3),
    "relay.after_confirm": Scenario("tracking", passage=3),
    "relay.after_publish": Scenario("tracking"),
    "relay.after_forget": Scenario("tracking"),
    "relay.after_adopt": Scenario("tracking", left_behind),
    "consumer.before_marks": Scenario("segments"),
    "consumer.after_marks": Scenario("segments"),
    "consumer.before_commit": Scenario("segments"),
    "consumer.after_commit": Scenario("segments"),
    "consumer.after_ack": Scenario("segments"),
    "isolation.mid_split": Scenario("segments", visits_with_poison, passage=3),
    "retries.after_claim": Scenario("segments", sick_visits, passage=2),
    "retries.before_commit": Scenario("segments", sick_visits),
    "retries.after_commit": Scenario("segments", sick_visits, passage=2),
    "dead_letters.before_commit": Scenario("segments", dead_letters),
    "dead_letters.after_commit": Scenario("segments", dead_letters, passage=2),
}

ELSEWHERE = ("deliveries.",)
"""Failpoints of services' own, killed at where those services are played in earnest."""


def test_every_failpoint_has_its_scenario():
    ours = {name for name in NAMES if not name.startswith(ELSEWHERE)}
    assert ours == set(SCENARIOS)


@pytest.fixture(scope="module")
def company(house: House) -> dict[str, Actor]:
    """The live worker of each service, started when it is needed."""
    return {name: house.actor(name) for name in ("tracking", "segments")}


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("failpoint", SCENARIOS)
async def test_killed_there_nothing_is_lost_and_nothing_doubled(house, company, failpoint):
    scenario = SCENARIOS[failpoint]
    victim = company[scenario.victim]
    await victim.stop()
    victim.start(f"{failpoint}=kill@{scenario.passage}")
    for name, actor in company.items():
        if name != scenario.victim:
            actor.start_unless_running()
    await scenario.load(house)
    await victim.fell()
    victim.start()
    await house.settled()
