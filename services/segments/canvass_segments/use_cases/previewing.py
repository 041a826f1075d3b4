"""People ask for how many contacts rules would hold, while they write them."""

from datetime import datetime

from canvass_rules import Malformed, parse
from canvass_runtime.db import Tx
from canvass_runtime.errors import Invalid, Refused

from canvass_segments.store import previews
from canvass_segments.store.previews import Preview, TooSlow


class TakesTooLong(Refused):
    """Not even a part of the contacts could be judged in time."""

    status = 503
    title = "It would take too long"
    type = "takes-too-long"


async def preview(tx: Tx, document: object, now: datetime) -> Preview:
    """Exactly if that is quick, else estimated. Raises Invalid with all that is wrong in the document."""
    try:
        rules = parse(document, "/rules")
    except Malformed as malformed:
        raise Invalid(f"These are no rules: {malformed}", fields=malformed.fields) from malformed
    try:
        return await previews.count(tx, rules, now)
    except TooSlow:
        pass
    try:
        return await previews.estimate(tx, rules, now)
    except TooSlow:
        raise TakesTooLong("Save it as a segment: it is then built in the background.") from None
