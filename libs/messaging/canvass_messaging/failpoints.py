"""Places where a test may make the process die, sleep or fail: a promise is only kept if it is kept there.

A deployment arms none of them (`CANVASS_FAILPOINTS` is empty) and a passage costs one truth test. An armed
one is written `name=action@n`: from the n-th passage on (default: the first) do the action, `kill` (SIGKILL),
`raise`, or `stop` (SIGSTOP). Several are separated by commas.
"""

import os
import signal
from collections import Counter
from dataclasses import dataclass

NAMES = frozenset(
    {
        "outbox.before_commit",
        "relay.after_commit",
        "relay.after_publish",
        "relay.after_confirm",
        "relay.after_adopt",
        "relay.after_forget",
        "consumer.before_marks",
        "consumer.after_marks",
        "consumer.before_commit",
        "consumer.after_commit",
        "consumer.after_ack",
        "isolation.mid_split",
        "retries.after_claim",
        "retries.before_commit",
        "retries.after_commit",
        "dead_letters.before_commit",
        "dead_letters.after_commit",
        "deliveries.after_claim",
        "deliveries.attempting",
        "deliveries.after_answer",
        "deliveries.before_settle",
        "deliveries.after_settle",
    }
)


class FailpointReached(Exception):
    """A failpoint was armed with `raise`."""


@dataclass(frozen=True, slots=True)
class _Armed:
    action: str
    passage: int


_armed: dict[str, _Armed] = {}
_passed: Counter[str] = Counter()


def arm(spec: str) -> None:
    """Arm what `spec` names, and disarm all else. Raises ValueError for a name or an action unknown."""
    _armed.clear()
    _passed.clear()
    for part in filter(None, spec.split(",")):
        name, _, rest = part.partition("=")
        action, _, passage = rest.partition("@")
        if name not in NAMES or action not in {"kill", "raise", "stop"}:
            raise ValueError(f"no failpoint {part!r}: write name=kill|raise|stop[@n], names: {sorted(NAMES)}")
        _armed[name] = _Armed(action, int(passage or 1))


def failpoint(name: str) -> None:
    """Pass the place called `name`."""
    if not _armed:
        return
    _passed[name] += 1
    armed = _armed.get(name)
    if armed is None or _passed[name] < armed.passage:
        return
    match armed.action:
        case "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        case "stop":
            os.kill(os.getpid(), signal.SIGSTOP)
        case _:
            raise FailpointReached(name)
