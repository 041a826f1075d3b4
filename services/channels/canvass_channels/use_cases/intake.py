"""What one process claims to send next, and all that its messages are made of."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from canvass_messaging.failpoints import failpoint
from canvass_runtime.clock import Clock, monotonic
from canvass_runtime.db import Database, Tx

from canvass_channels.settings import Settings
from canvass_channels.store import definitions
from canvass_channels.store.definitions import Destination, Sender, Template

from .claiming import Claimed, Claiming, claim
from .desks import Desks
from .writing import Draft

LANES = ("live", "bulk")
LOOK_AGAIN_SECONDS = 0.25
"""How soon after a look that found nothing the next may be, unless something is told to be there."""
PACE_SECONDS = 0.01
"""How soon after a look that found something."""
SMALLEST_CLAIM, LARGEST_CLAIM = 50, 1_000
KEPT_DEFINITIONS = 200


class Intake:
    """Claims for the desks where something may leave."""

    def __init__(self, settings: Settings, clock: Clock, desks: Desks) -> None:
        self._settings = settings
        self._clock = clock
        self._real = Clock()
        self._desks = desks
        self._templates = _Known(Template)
        self._destinations = _Known(Destination)
        self._limit = SMALLEST_CLAIM
        self._claimed_at = self._look_at = 0.0
        self._but: set[str] = set()

    def look_at_once(self) -> None:
        """Something may have been planned since the last look."""
        self._look_at = 0.0

    async def refill(self, database: Database) -> int:
        """Claim more where more could leave.

        Returns how many were suppressed, failed, or planned for later instead.
        """
        if self.pause() > 0:
            return 0
        self._pace()
        claimed, elsewhere = await self._claim(database)
        if not claimed and not elsewhere:
            self._look_at = monotonic() + LOOK_AGAIN_SECONDS
        return elsewhere

    def pause(self) -> float:
        """In how many seconds the next look may be."""
        if self._but - self._desks.sated():  # somewhere more could leave than at the last look
            self._look_at = 0.0
        return max(0.0, max(self._look_at, self._claimed_at + PACE_SECONDS) - monotonic())

    def _pace(self) -> None:
        """No more at once than a few seconds take: what is claimed waits here, where no other can send it."""
        since, self._claimed_at = monotonic() - self._claimed_at, monotonic()
        if since < 0.5:
            self._limit = min(2 * self._limit, LARGEST_CLAIM)
        elif since > 5:
            self._limit = max(self._limit // 2, SMALLEST_CLAIM)

    async def _claim(self, database: Database) -> tuple[int, int]:
        """Live before bulk."""
        ours = elsewhere = 0
        self._but = self._desks.sated()
        for lane in LANES:
            async with database.transaction(lane) as tx:
                senders = await definitions.read_all(tx, Sender)
                claimed, others = await claim(tx, self._terms(senders))
                drafts = await self._drafts(tx, claimed, senders)
            failpoint("deliveries.after_claim")
            await self._desks.refit(senders)
            self._desks.add(drafts)
            ours += len(drafts)
            elsewhere += others
            if ours >= self._limit:
                break
        return ours, elsewhere

    def _terms(self, senders: Sequence[Sender]) -> Claiming:
        return Claiming(
            limit=self._limit,
            lease=timedelta(seconds=self._settings.claim_seconds),
            senders={sender.key: sender.kind for sender in senders},
            real_now=self._real.now(),
            now=self._clock.now(),
            but=self._but,
        )

    async def _drafts(self, tx: Tx, claimed: Sequence[Claimed], senders: Sequence[Sender]) -> list[Draft]:
        """These deliveries with their definitions, as they are now."""
        of_key = {sender.key: sender for sender in senders}
        templates = await self._templates.read(
            tx, {one.wanted.template: one.template_revision for one in claimed}
        )
        destinations = await self._destinations.read(
            tx, {one.wanted.destination: one.destination_revision for one in claimed}
        )
        return [
            Draft(
                one,
                templates.get(one.wanted.template),
                destinations.get(one.wanted.destination),
                of_key.get(one.sender or ""),
            )
            for one in claimed
        ]


class _Known:
    """The definitions of one kind that are in use, read once a revision."""

    def __init__(self, kind: type[Any]) -> None:
        self._kind = kind
        self._of_key: dict[str | None, Any] = {}

    async def read(self, tx: Tx, wanted: dict[str | None, int | None]) -> dict[str | None, Any]:
        """Those of the `wanted` keys, at these revisions."""
        stale = [
            key
            for key, revision in wanted.items()
            if key and revision and (key not in self._of_key or self._of_key[key].revision != revision)
        ]
        if stale:
            for one in await definitions.read_all(tx, self._kind, stale):
                self._of_key.pop(one.key, None)
                self._of_key[one.key] = one
        found: dict[str | None, Any] = {
            key: self._of_key[key] for key, revision in wanted.items() if key and revision
        }
        for oldest in list(self._of_key)[: max(0, len(self._of_key) - KEPT_DEFINITIONS)]:
            del self._of_key[oldest]
        return found
