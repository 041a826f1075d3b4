"""How long, as documents write it: ISO 8601, `P3D`, `PT4H`, `P1DT12H30M`, `P2W`."""

import re
from datetime import timedelta

_PATTERN = re.compile(
    r"P(?:(\d{1,4})W|(?:(\d{1,4})D)?(?:T(?=\d)(?:(\d{1,5})H)?(?:(\d{1,6})M)?(?:(\d{1,7})S)?)?)"
)

LONGEST = timedelta(days=3650)


def parse_duration(text: object) -> timedelta | None:
    """None unless above zero and up to ten years. No months or years: they differ in length."""
    found = _PATTERN.fullmatch(text) if isinstance(text, str) and text.isascii() else None
    if found is None:
        return None
    weeks, days, hours, minutes, seconds = (int(part or 0) for part in found.groups())
    lasting = timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)
    return lasting if timedelta(0) < lasting <= LONGEST else None
