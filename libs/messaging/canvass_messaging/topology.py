"""The exchange, the queues and what is bound to them: all derived from the catalogue."""

import sys
from dataclasses import dataclass, field
from typing import Any

from aio_pika import ExchangeType
from aio_pika.abc import AbstractChannel, AbstractExchange
from canvass_schemas.catalogue import CATALOGUE, heard_by
from canvass_schemas.envelope import Fact
from canvass_schemas.said_through import SaidThrough
from canvass_schemas.wire import LANES

EXCHANGE = "canvass.events"
DEAD_LETTERS = "canvass.dead"
JOURNAL = "canvass.journal"

DELIVERY_LIMIT = 20
JOURNAL_KEPT = "7D"
JOURNAL_MAX_BYTES = 20_000_000_000


@dataclass(frozen=True, slots=True)
class Queue:
    """A durable queue, its arguments, and the routing patterns bound to it on one exchange."""

    name: str
    exchange: str
    patterns: tuple[str, ...]
    arguments: dict[str, Any] = field(default_factory=dict[str, Any])


def queue_name(service: str, lane: str) -> str:
    return f"{service}.{lane}"


def dead_letter_queue_name(service: str) -> str:
    return f"{service}.dead"


def queues_of(service: str) -> list[Queue]:
    """The queues of one service: one a lane, and one for what the broker gave up on."""
    heard = sorted(fact.TYPE for fact in heard_by(service))
    return [_lane_queue(service, lane, heard) for lane in LANES] + [_dead_letter_queue(service)]


def journal() -> Queue:
    """The stream that keeps every fact for replay. `said_through` is about queues, and is not kept."""
    kept = tuple(sorted(f"{entry.fact.TYPE}.*" for entry in CATALOGUE if not _is_watermark(entry.fact)))
    arguments = {"x-queue-type": "stream", "x-max-age": JOURNAL_KEPT, "x-max-length-bytes": JOURNAL_MAX_BYTES}
    return Queue(JOURNAL, EXCHANGE, kept, arguments)


def _is_watermark(fact: type[Fact[Any]]) -> bool:
    return issubclass(fact, SaidThrough)


def _lane_queue(service: str, lane: str, heard: list[str]) -> Queue:
    arguments = {
        "x-queue-type": "quorum",
        "x-delivery-limit": DELIVERY_LIMIT,
        "x-dead-letter-exchange": DEAD_LETTERS,
        "x-dead-letter-routing-key": service,
        # At-least-once dead-lettering needs reject-publish: the relay keeps what the broker refuses.
        "x-dead-letter-strategy": "at-least-once",
        "x-overflow": "reject-publish",
    }
    patterns = tuple(f"{kind}.{lane}" for kind in heard)
    return Queue(queue_name(service, lane), EXCHANGE, patterns, arguments)


def _dead_letter_queue(service: str) -> Queue:
    # No delivery limit of its own: each dead letter is taken apart alone, and a process that dies of
    # taking one apart finds it again.
    arguments = {"x-queue-type": "quorum"}
    return Queue(dead_letter_queue_name(service), DEAD_LETTERS, (service,), arguments)


async def declare_exchange(channel: AbstractChannel) -> AbstractExchange:
    """Declare the exchange that every fact goes through."""
    return await channel.declare_exchange(EXCHANGE, ExchangeType.TOPIC, durable=True)


async def declare(channel: AbstractChannel, service: str) -> None:
    """Declare all that `service` needs to hear. Harmless when it is there already."""
    await declare_exchange(channel)
    await _declare(channel, queues_of(service))


async def declare_hearers(channel: AbstractChannel, service: str) -> AbstractExchange:
    """Declare the exchange, and the queues of all who hear `service`: to be done before it says anything.

    The broker forgets what no queue takes. A hearer that was never started yet must find what was said.
    """
    exchange = await declare_exchange(channel)
    for hearer in hearers_of(service):
        await _declare(channel, queues_of(hearer))
    await _declare(channel, [journal()])
    return exchange


def hearers_of(service: str) -> list[str]:
    """The services that hear anything that `service` says."""
    return sorted({hearer for entry in CATALOGUE if entry.said_by == service for hearer in entry.heard_by})


async def _declare(channel: AbstractChannel, queues: list[Queue]) -> None:
    await channel.declare_exchange(DEAD_LETTERS, ExchangeType.DIRECT, durable=True)
    for queue in queues:
        declared = await channel.declare_queue(queue.name, durable=True, arguments=queue.arguments)
        for pattern in queue.patterns:
            await declared.bind(queue.exchange, pattern)


def drawn() -> str:
    """The whole topology as text, for the snapshot that a test holds against it."""
    services = sorted({service for entry in CATALOGUE for service in entry.heard_by})
    queues = [queue for service in services for queue in queues_of(service)] + [journal()]
    lines: list[str] = []
    for queue in queues:
        lines.append(queue.name)
        lines += [f"  {name} = {value}" for name, value in sorted(queue.arguments.items())]
        lines += [f"  <- {queue.exchange} {pattern}" for pattern in queue.patterns]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.stdout.write(drawn())
