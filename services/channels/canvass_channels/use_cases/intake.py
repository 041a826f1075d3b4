"""What one process has claimed and will send next, and by whom it sends."""

from collections import deque
from datetime import timedelta

from canvass_messaging.failpoints import failpoint
from canvass_runtime.clock import Clock, monotonic
from canvass_runtime.db import Database

from canvass_channels.settings import Settings
from canvass_channels.store import definitions
from canvass_channels.store.definitions import Sender

from .claiming import Claiming, claim
from .writing import Draft, Outlet, Templates

DEFAULT_SENDER = "default"
LANES = ("live", "bulk")
LOOK_AGAIN_SECONDS = 0.25
"""How soon after a look that found nothing the next may be."""
SMALLEST_CLAIM, LARGEST_CLAIM = 50, 1_000


class Intake:
    """`ready` is claimed, with its template; `outlet` is the sender as it was at the last look."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self.ready: deque[Draft] = deque()
        self.outlet: Outlet | None = None
        self._settings = settings
        self._clock = clock
        self._real = Clock()
        self._templates = Templates()
        self._limit = SMALLEST_CLAIM
        self._claimed_at = self._look_at = 0.0

    def look_at_once(self) -> None:
        """Something may have been planned since the last look."""
        self._look_at = 0.0

    async def refill(self, database: Database, free: int) -> int:
        """Claim more where less is ready than could leave over `free` connections.

        Returns how many were suppressed, failed, or planned for later instead.
        """
        rests = self.outlet is not None and self.outlet.connections.rest > 0
        if rests or len(self.ready) >= free or monotonic() < self._look_at:
            return 0
        self._pace()
        before = len(self.ready)
        elsewhere = await self._claim(database)
        if not elsewhere and len(self.ready) == before:
            self._look_at = monotonic() + LOOK_AGAIN_SECONDS
        return elsewhere

    def _pace(self) -> None:
        """No more at once than a few seconds take: what is claimed waits here, where no other can send it."""
        since, self._claimed_at = monotonic() - self._claimed_at, monotonic()
        if since < 0.5:
            self._limit = min(2 * self._limit, LARGEST_CLAIM)
        elif since > 5:
            self._limit = max(self._limit // 2, SMALLEST_CLAIM)

    async def _claim(self, database: Database) -> int:
        """Live before bulk."""
        elsewhere = 0
        for lane in LANES:
            async with database.transaction(lane) as tx:
                sender = await definitions.read(tx, Sender, DEFAULT_SENDER)
                claimed, others = await claim(tx, self._terms(sender))
                drafts = await self._templates.drafts(tx, claimed)
            failpoint("deliveries.after_claim")
            await self._use(sender)
            self.ready.extend(drafts)
            elsewhere += others
            if len(self.ready) >= self._limit:
                break
        return elsewhere

    def _terms(self, sender: Sender | None) -> Claiming:
        lease = timedelta(seconds=self._settings.claim_seconds)
        return Claiming(self._limit, lease, sender is not None, self._real.now(), self._clock.now())

    async def _use(self, sender: Sender | None) -> None:
        if self.outlet and self.outlet.sender != sender:
            await self.outlet.connections.close()
            self.outlet = None
        if sender and not self.outlet:
            self.outlet = Outlet.of(sender, self._settings.answer_seconds)
