"""Door 3, the clock: what is planned is sent, what was left is taken back, and what is old thrown away."""

from collections.abc import Sequence
from datetime import datetime

from canvass_messaging.timers import Timer
from canvass_runtime.clock import Clock
from canvass_runtime.db import Database

from .settings import Settings
from .store import due, shelf
from .use_cases import ledger
from .use_cases.sending import Sending
from .use_cases.tools import Tools


def timers(settings: Settings, clock: Clock, tools: Tools) -> Sequence[Timer]:
    """All go by real time, and say what they do by `clock`."""
    sending = Sending(settings, clock, tools.press, tools.caller)

    async def send(database: Database, _: datetime) -> int:
        return await sending.run(database)

    async def take_back(database: Database, now: datetime) -> int:
        async with database.transaction() as tx:
            return await ledger.take_back_lapsed(tx, Clock().now(), now)

    async def clear_shelf(database: Database, _: datetime) -> int:
        async with database.transaction() as tx:
            return await shelf.clear(tx)

    return (
        Timer(ledger.SENDING, due.next_sending, send, stop=sending.stop),
        Timer("lapsed", due.next_lapse, take_back),
        Timer("shelf", shelf.next_clearing, clear_shelf),
    )
