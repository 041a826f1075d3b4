"""Print the facts of a running Canvass as they pass. Needs an AMQP client and nothing of ours:

    pip install aio-pika
    RABBITMQ_URL=amqp://… python examples/subscriber.py 'segments.#' 'channels.message_sent.v1.*'

Routing keys are `<service>.<fact>.v<N>.<lane>`. A message is a JSON array of CloudEvents. This subscriber
has a queue of its own that ends with it; whoever must miss nothing declares a durable one, acknowledges
after the effect, and dedupes by event id (a fact may be delivered twice, and in any order).
"""

import asyncio
import json
import os
import sys

import aio_pika


async def print_facts(url: str, patterns: list[str]) -> None:
    connection = await aio_pika.connect_robust(url)
    async with connection, connection.channel() as channel:
        exchange = await channel.get_exchange("canvass.events")
        queue = await channel.declare_queue(exclusive=True)
        for pattern in patterns:
            await queue.bind(exchange, pattern)
        async with queue.iterator() as messages:
            async for message in messages:
                async with message.process():
                    for event in json.loads(message.body):
                        data = json.dumps(event["data"])
                        print(event["time"], event["type"], event.get("subject", "-"), data, flush=True)


if __name__ == "__main__":
    try:
        asyncio.run(print_facts(os.environ["RABBITMQ_URL"], sys.argv[1:] or ["#"]))
    except KeyError:
        sys.exit("Set RABBITMQ_URL; `make up` writes it to .run/canvass.env.")
    except KeyboardInterrupt:
        pass
