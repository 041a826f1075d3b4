"""How long, as documents have it: ISO 8601 of weeks, days, hours, minutes and seconds, `P7D` or `PT4H`."""

from __future__ import annotations

import re
from datetime import timedelta

PATTERN = r"P(?:\d{1,9}W|(?:\d{1,9}D)?(?:T(?=\d)(?:\d{1,9}H)?(?:\d{1,9}M)?(?:\d{1,9}S)?)?(?<=[DHMS]))"
"""Months and years are left out, as they have no length of their own."""

_PARTS = {"W": "weeks", "D": "days", "H": "hours", "M": "minutes", "S": "seconds"}


def read_duration(text: str) -> timedelta | None:
    """`P1DT12H` as a length of time; None for what is none."""
    if not re.fullmatch(PATTERN, text, re.ASCII):
        return None
    parts = {_PARTS[unit]: int(number) for number, unit in re.findall(r"(\d+)([WDHMS])", text)}
    try:
        return timedelta(**parts)
    except OverflowError:
        return None


def written_duration(length: timedelta) -> str:
    """The shortest text that reads back as this length, of whole seconds."""
    minutes, seconds = divmod(length.seconds, 60)
    hours, minutes = divmod(minutes, 60)
    clock = "".join(
        f"{number}{unit}" for number, unit in zip((hours, minutes, seconds), "HMS", strict=True) if number
    )
    days = f"{length.days}D" if length.days else ""
    return f"P{days}T{clock}" if clock else f"P{days or 'T0S'}"
