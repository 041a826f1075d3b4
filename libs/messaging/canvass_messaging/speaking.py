"""Says every second how far this service has said everything: see `watermarks`."""

from collections.abc import Sequence
from datetime import datetime

import structlog
from canvass_runtime.clock import Clock
from canvass_runtime.logs import describe
from canvass_schemas.catalogue import heard_by_of
from canvass_schemas.ids import uuid7
from canvass_schemas.said_through import BY_SPEAKER, SaidThroughData
from canvass_schemas.wire import dump
from sqlalchemy import Table

from . import watermarks
from .outbox import OutboxRow
from .publisher import NotPublished, Publisher
from .timers import Question

_log = structlog.get_logger(__name__)


class Speaker:
    """One process's voice. It is not in the outbox: what is lost is said again a second later."""

    def __init__(self, service: str, outbox: Table, publisher: Publisher, clock: Clock) -> None:
        self._fact = BY_SPEAKER[service]
        self._outbox = outbox
        self._publisher = publisher
        self._clock = clock
        self._low_water = watermarks.LowWater()

    def questions(self) -> list[Question]:
        """None, where nobody listens."""
        if not heard_by_of(self._fact.TYPE):
            return []
        return [Question("said_through", lambda: watermarks.limits(self._outbox), self._say)]

    async def _say(self, limits: Sequence[datetime | None]) -> None:
        at = self._low_water.rise(limits)
        if called := at and self._clock.called(at):
            await self._publish(called)

    async def _publish(self, at: datetime) -> None:
        fact = self._fact.of(SaidThroughData(at=at), time=self._clock.now())
        row = OutboxRow(id=0, message_id=uuid7(), type=fact.type, lane="live", events=1, body=dump([fact]))
        try:
            await self._publisher.publish(row)
        except NotPublished as error:
            _log.debug("said_through.not_published", error=describe(error))
