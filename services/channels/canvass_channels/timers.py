"""Door 3, the clock: what is planned is sent, and what was left is taken back."""

from collections.abc import Sequence
from datetime import datetime

from canvass_messaging.timers import Timer
from canvass_runtime.clock import Clock
from canvass_runtime.db import Database

from .domain.admission import GIVEN_UP_AFTER
from .settings import Settings
from .store import due
from .use_cases import ledger
from .use_cases.sending import Sending


def timers(settings: Settings, clock: Clock) -> Sequence[Timer]:
    """Both go by real time, and say what they do by `clock`."""
    sending = Sending(settings, clock)

    async def send(database: Database, _: datetime) -> int:
        return await sending.run(database)

    async def take_back(database: Database, now: datetime) -> int:
        async with database.transaction() as tx:
            return await ledger.take_back_lapsed(tx, Clock().now(), now)

    return (
        Timer(ledger.SENDING, lambda _: due.next_sending(GIVEN_UP_AFTER), send, stop=sending.stop),
        Timer("lapsed", due.next_lapse, take_back),
    )
