"""What visitors' browsers and servers post, as the official SDKs write it; each event has its own id."""

import itertools
import random
from collections.abc import Iterator

KNOWN_VISITORS = 5_000
NEW_AMONG = 10
"""One event in ten is the first of a visitor never seen before."""

_CONTEXT = (
    '"context":{"library":{"name":"analytics.js","version":"2.1.0"},"locale":"en-CA","timezone":"America/Toronto",'
    '"page":{"path":"/pricing","url":"https://www.example.com/pricing?plan=team","title":"Pricing",'
    '"referrer":"https://www.example.com/"}}'
)
_TRACK = (
    '{"type":"track","event":"Product Viewed","messageId":"%%s","anonymousId":"%%s","timestamp":"%s",'
    '"properties":{"product":"team","seats":5,"price":49.5,"currency":"CAD"},' + _CONTEXT + "}"
)
_PAGE = (
    '{"type":"page","name":"Pricing","messageId":"%%s","anonymousId":"%%s","timestamp":"%s",'
    '"properties":{"path":"/pricing","url":"https://www.example.com/pricing?plan=team","title":"Pricing",'
    '"referrer":"https://www.example.com/"},' + _CONTEXT + "}"
)


def singles(run: str, at: str) -> Iterator[bytes]:
    """Bodies for /v1/track. No two runs share an id; `at` is when all of it happens."""
    template = (_TRACK % at).encode()
    for pair in _ids(run):
        yield template % pair


def batches(run: str, at: str, events: int) -> Iterator[bytes]:
    """Bodies of that many events for /v1/batch: page views and tracked events by turns."""
    parts = itertools.islice(itertools.cycle((_PAGE % at, _TRACK % at)), events)
    template = ('{"batch":[' + ",".join(parts) + f'],"sentAt":"{at}"}}').encode()
    ids = _ids(run)
    while True:
        yield template % tuple(itertools.chain.from_iterable(itertools.islice(ids, events)))


def _ids(run: str) -> Iterator[tuple[bytes, bytes]]:
    """Message id and anonymous id of one event after another."""
    chance = random.Random(run)
    for number in itertools.count():
        message = b"%b-%010d" % (run.encode(), number)
        if number % NEW_AMONG:
            yield message, b"known-visitor-%06d" % chance.randrange(KNOWN_VISITORS)
        else:
            yield message, b"new-%b" % message
