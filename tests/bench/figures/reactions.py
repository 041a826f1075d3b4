"""How soon, and how many a second, new contacts have been through all services to a webhook at its sink."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx2
from canvass_cli.demo.definitions import answer, put
from canvass_cli.services import NAMES

from tests.bench import machine
from tests.bench.child import Child
from tests.bench.figure import Definition, Figure, Measured
from tests.bench.installation import Installation

WARM_UP = {"contacts": 600, "contacts_a_second": 100}
ROUNDS, ROUND_SECONDS, SKIPPED_SECONDS = 3, 10, 2
RATE, GOAL_RATE = 200, 500
RATES = (600, 800, 1_000, 1_250, 1_500, 2_000, 2_500, 3_000)
RATE_SECONDS = 8
PATIENCE_MS = 1_000
BURST, EVENTS_A_BODY = 20_000, 100

_WHAT = (
    f"from the time for which a POST to `/v1/identify` of a new contact is scheduled ({RATE}/s, open loop) "
    "to its webhook at the sink, by way of the segment that it enters, and so the campaign; "
)
P50 = Definition(
    name="reaction_p50_ms",
    unit="ms",
    what=f"{_WHAT}the median of {ROUND_SECONDS - SKIPPED_SECONDS} s (at {GOAL_RATE}/s in the details)",
    floor=120,
    goal=60,
    less_is_better=True,
)
P99 = Definition(
    name="reaction_p99_ms",
    unit="ms",
    what="the 99th percentile of the same",
    floor=300,
    goal=150,
    less_is_better=True,
)
ACTIONS = Definition(
    name="actions_per_second",
    unit="actions/s",
    what=(
        f"the highest rate of the same, of {', '.join(f'{rate:,}' for rate in RATES)}/s for {RATE_SECONDS} s "
        f"each, at which 95 % of the webhooks are there within {PATIENCE_MS // 1000} s"
    ),
    floor=600,
    goal=2_000,
)
BURST_ACTIONS = Definition(
    name="burst",
    unit="actions/s",
    what=(
        f"{BURST:,} new contacts in bodies of {EVENTS_A_BODY} to `/v1/batch`, as fast as they are taken, by "
        "the time from the first POST to the last webhook"
    ),
    floor=1_200,
    goal=4_000,
)

_SEGMENT = {
    "name": "Bench",
    "rules": {"match": "all", "rules": [{"field": "country", "operator": "=", "value": "CA"}]},
}
_CAMPAIGN = {
    "campaign": "bench",
    "name": "Bench",
    "sources": [{"segment": "bench"}],
    "steps": {"tell": {"do": "webhook", "destination": "bench", "values": {}, "next": None}},
}


def measure(installation: Installation) -> list[Measured]:
    """Raises ArithmeticError when a contact gave no webhook, or two."""
    with _playing(installation) as player:
        player.react("warm-up", **WARM_UP)
        rounds = [player.at_rate(RATE, number) for number in range(ROUNDS)]
        beside = player.at_rate(GOAL_RATE, 0)
        ramp = player.ramp()
        burst = player.react("burst", contacts=BURST, contacts_a_second=1e6, events_a_body=EVENTS_A_BODY)
    held = [rate for rate, one in ramp.items() if _is_held(one)]
    usages, steady = player.usages, player.usages[1 : 1 + ROUNDS]
    details = {"steady": rounds, f"at_{GOAL_RATE}": beside, "cpu_of_all": [one.percent for one in usages]}
    return [
        Measured(P50, [one["p50_ms"] for one in rounds], usages=steady, details=details),
        Measured(P99, [one["p99_ms"] for one in rounds], usages=steady),
        Measured(ACTIONS, [max(held, default=0)], usages=usages[-2:-1], details={"rates": ramp}),
        Measured(BURST_ACTIONS, [BURST / burst["seconds"]], usages=usages[-1:], details=burst),
    ]


class _Player:
    """Posts contacts, and keeps the books."""

    def __init__(self, child: Child, installation: Installation) -> None:
        self._child = child
        self._port, self._key = installation.service("tracking").port, installation.write_key()
        self._groups = {name: installation.roots(name) for name in (*NAMES, "postgres", "rabbitmq")}
        self.usages: list[machine.Usage] = []

    def react(self, run: str, *, whole: bool = True, **load: Any) -> dict[str, Any]:
        """One load. Raises ArithmeticError unless each contact gave one webhook."""
        with machine.measured(self._groups | {"load": [self._child.pid]}) as usage:
            told = self._child.ask(run=run, port=self._port, write_key=self._key, **load)
        self.usages.append(usage)
        if told["doubled"] or set(told["statuses"]) != {"200"} or (whole and not told["complete"]):
            raise ArithmeticError(f"{run}: of {load['contacts']} contacts {told}")
        return told

    def at_rate(self, rate: int, number: int) -> dict[str, Any]:
        """A round at a steady rate."""
        load = {"contacts": rate * ROUND_SECONDS, "skip": rate * SKIPPED_SECONDS, "contacts_a_second": rate}
        return self.react(f"steady-{rate}-{number}", **load)

    def ramp(self) -> dict[int, dict[str, Any]]:
        """Ever higher rates, until one is not held."""
        tried: dict[int, dict[str, Any]] = {}
        for rate in RATES:
            tried[rate] = self.react(f"ramp-{rate}", contacts=rate * RATE_SECONDS, contacts_a_second=rate)
            if not _is_held(tried[rate]):
                break
        return tried


def _is_held(told: dict[str, Any]) -> bool:
    return told["p95_ms"] < PATIENCE_MS


@contextmanager
def _playing(installation: Installation) -> Iterator[_Player]:
    installation.run_all()
    with Child("children.reactions") as child:
        _define(installation, f"http://127.0.0.1:{child.ask()['port']}/hook")
        yield _Player(child, installation)


def _define(installation: Installation, sink: str) -> None:
    at = installation.stack.environment
    with httpx2.Client(
        headers={"Authorization": f"Bearer {installation.token()}"}, trust_env=False, timeout=10
    ) as http:
        put(http, f"{at['CHANNELS_URL']}/destinations/bench", {"kind": "webhook", "url": sink})
        put(http, f"{at['SEGMENTS_URL']}/segments/bench", _SEGMENT)
        put(http, f"{at['CAMPAIGNS_URL']}/campaigns/bench", _CAMPAIGN)
        answer(http.post(f"{at['CAMPAIGNS_URL']}/campaigns/bench/publish"))


FIGURE = Figure("reactions", (P50, P99, ACTIONS, BURST_ACTIONS), measure, at_most_seconds=300)
