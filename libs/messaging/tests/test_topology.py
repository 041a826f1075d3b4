"""The exchange, the queues and what is bound to them."""

from pathlib import Path

import pytest
from canvass_messaging import topology
from canvass_schemas.catalogue import CATALOGUE
from canvass_schemas.wire import LANES

SNAPSHOT = Path(__file__).parents[3] / "tests" / "contracts" / "topology.txt"


def test_it_is_as_it_was():
    assert topology.drawn() == SNAPSHOT.read_text(), (
        "A queue's arguments cannot be changed once it exists, and a lost binding loses facts. If the change"
        f" is meant, and can be rolled out: python -m canvass_messaging.topology > {SNAPSHOT}"
    )


@pytest.mark.parametrize("entry", CATALOGUE, ids=lambda entry: entry.fact.TYPE)
def test_every_fact_reaches_all_its_hearers_in_both_lanes(entry):
    for lane in LANES:
        key = f"{entry.fact.TYPE}.{lane}"
        for service in entry.heard_by:
            queue = topology.queue_name(service, lane)
            assert [q.name for q in topology.queues_of(service) if key in q.patterns] == [queue]


async def test_declaring_it_again_is_harmless(broker):
    for _ in range(2):
        await topology.declare_hearers(broker.channel, "tracking")
        await topology.declare(broker.channel, "segments")


async def test_a_speaker_declares_who_hears_it_so_that_nobody_need_run_first(broker, facts):
    await topology.declare_hearers(broker.channel, "tracking")
    message = facts.wire([facts.viewed()])
    await broker.put(f"{message.type}.live", message, exchange=topology.EXCHANGE)
    assert await broker.depth("segments.live") == 1
    assert await broker.depth("points.live") == 1
    assert await broker.depth("campaigns.live") == 1
    assert await broker.depth("channels.live") == 0


async def test_what_is_given_up_lies_in_the_dead_letters_of_its_service(broker, facts):
    await broker.declare("segments")
    await broker.put("segments", facts.wire([facts.viewed()]), exchange=topology.DEAD_LETTERS)
    assert await broker.depth("segments.dead") == 1
