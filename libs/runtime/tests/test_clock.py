"""The only door to time."""

from datetime import UTC, timedelta

from canvass_runtime.clock import Clock, TurnedClock


def test_the_present_is_aware_and_in_utc():
    assert Clock().now().tzinfo is UTC


def test_a_turned_clock_runs_on_from_where_it_was_turned_to(clock: TurnedClock):
    before = clock.now()
    turned = clock.turn(timedelta(hours=4))
    assert before + timedelta(hours=4) <= turned <= clock.now()
    assert clock.now() - Clock().now() > timedelta(hours=3, minutes=59)
