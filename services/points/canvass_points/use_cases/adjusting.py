"""People give points by hand, or take them."""

from dataclasses import replace

from canvass_messaging import contacts
from canvass_runtime.db import Tx

from canvass_points import tables
from canvass_points.announce import Cause
from canvass_points.domain.ledger import adjust as adjusted
from canvass_points.domain.model import Adjustment, ScoreChange
from canvass_points.store import ledger, scores
from canvass_points.store.today import today
from canvass_points.use_cases.changing import change_scores


async def adjust(tx: Tx, wanted: Adjustment) -> ScoreChange:
    """Write an adjustment into the ledger of who the contact is today, and change the score by it."""
    standings = await contacts.lock(tx, tables.contacts, [wanted.contact_id])
    contact_id = standings.today(wanted.contact_id)
    was = (await scores.read(tx, [contact_id]))[contact_id]
    await ledger.adjust(tx, replace(wanted, contact_id=contact_id))
    change = adjusted(was, wanted.delta)
    await change_scores(tx, (await today.known(tx)).triggers, [change], {contact_id: Cause(wanted.at)})
    return change
