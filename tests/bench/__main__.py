"""`make bench`: measure all figures, or those named, within ten minutes; nothing stays running."""

import argparse
import signal
import sys
import time
import traceback
from collections.abc import Generator, Sequence
from contextlib import contextmanager

from canvass_cli import exclusive
from canvass_cli.places import CHECKOUT

from tests.bench import machine, report
from tests.bench.figure import Figure, Measured
from tests.bench.figures import FIGURES
from tests.bench.installation import Installation

RESULTS = CHECKOUT / ".run" / "bench.json"
DETAILS = CHECKOUT / ".run" / "bench-details.json"
LOCK = CHECKOUT / ".run" / "bench.lock"

AT_MOST_SECONDS = 600
QUIET_PERCENT = 20


class TookTooLong(Exception):
    """A figure was not there in its time."""


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit code: 0 when all is measured, 1 when not or, with --strict, when a floor is missed."""
    asked = _parser().parse_args(arguments)
    if asked.definitions:
        print(report.definitions([one for figure in FIGURES for one in figure.definitions]))
        return 0
    wanted = [figure for figure in FIGURES if not asked.figures or figure.name in asked.figures]
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _end)
    if not exclusive.nobody_inside(LOCK):
        print("waiting for the bench that is running already", flush=True)
    with exclusive.alone(LOCK):
        measured, failed = _measure(wanted)
    print(f"\n{report.table(measured)}\n\n{RESULTS}\n{DETAILS} has every round, and where the time went")
    missed = [one.definition.name for one in measured if one.met == "missed"]
    if missed:
        print(f"below the floor: {', '.join(missed)}")
    if failed:
        print(f"not measured: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed or (asked.strict and missed) else 0


def _measure(wanted: Sequence[Figure]) -> tuple[list[Measured], list[str]]:
    began = time.monotonic()
    described = machine.describe() | {"busy_before_percent": _quiet()}
    measured: list[Measured] = []
    failed: list[str] = []
    print("starting PostgreSQL and RabbitMQ", flush=True)
    with Installation() as installation:
        for figure in wanted:
            left = AT_MOST_SECONDS - (time.monotonic() - began)
            try:
                with _within(min(figure.at_most_seconds, left)):
                    measured += _one(figure, installation)
            except Exception:  # the others are measured all the same
                traceback.print_exc()
                failed.append(figure.name)
            report.write(RESULTS, report.figures(measured))
            report.write(DETAILS, report.details(measured, described))
    return measured, failed


def _one(figure: Figure, installation: Installation) -> list[Measured]:
    print(f"{figure.name} ...", flush=True)
    began = time.monotonic()
    measured = figure.measure(installation)
    seconds = time.monotonic() - began
    print(f"{report.table(measured)}\n({figure.name}: {seconds:.0f} s)", flush=True)
    elsewhere = max(one.elsewhere for one in measured)
    if elsewhere > QUIET_PERCENT:
        print(
            f"{elsewhere:.0f} % of a core went to something else meanwhile: measure again when it is quiet",
            flush=True,
        )
    return measured


def _quiet() -> float:
    busy = machine.busy()
    if busy > QUIET_PERCENT:
        print(f"{busy:.0f} % of a core is busy with something else: figures will be too low", flush=True)
    return busy


@contextmanager
def _within(seconds: float) -> Generator[None]:
    def give_up(*_: object) -> None:
        raise TookTooLong(f"not measured within {seconds:.0f} s")

    signal.signal(signal.SIGALRM, give_up)
    signal.setitimer(signal.ITIMER_REAL, max(seconds, 1.0))
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def _end(number: int, _frame: object) -> None:
    raise SystemExit(128 + number)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    names = [figure.name for figure in FIGURES]
    parser.add_argument("figures", nargs="*", metavar="figure", help=f"one of {', '.join(names)}")
    parser.add_argument("--strict", action="store_true", help="fail when a figure is below its floor")
    parser.add_argument("--definitions", action="store_true", help="print the table of definitions")
    return parser


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
