"""The ways out of one process: by each sender, to each destination, into the built-in outbox."""

import asyncio
from collections import Counter, deque
from collections.abc import Iterable, Sequence
from typing import Any, Protocol

from canvass_channels.domain.model import Answer
from canvass_channels.senders.calls import Call, Caller
from canvass_channels.senders.connections import Connections
from canvass_channels.senders.headers import read_mailbox
from canvass_channels.senders.message import Letterhead
from canvass_channels.senders.press_protocol import Printed, Spoiled
from canvass_channels.senders.smtp import read_server
from canvass_channels.store.definitions import Sender

from .writing import Draft

AT_ONCE_TO_A_DESTINATION = 40
ONTO_THE_SHELF_AT_ONCE = 100
ENOUGH = 50
"""Claimed for one way out while others are under way there."""
OUTBOX = "outbox"
"""What the provider is called that keeps messages here."""


class Outlet(Protocol):
    """Carries `most` messages at once. After `open` has counted idle ways, as many may be sent."""

    most: int

    @property
    def rest(self) -> float: ...
    async def open(self, wanted: int) -> int: ...
    async def send(self, message: Any, /) -> Answer: ...
    async def close(self) -> None: ...


class Calling:
    """One receiver or provider over HTTP."""

    def __init__(self, caller: Caller, most: int) -> None:
        self.most = most
        self.rest = 0.0
        self._caller = caller

    async def open(self, wanted: int) -> int:
        """Connections are made as they are needed."""
        return wanted

    async def send(self, message: Call) -> Answer:
        """Whatever happens is an answer."""
        return await self._caller.send(message)

    async def close(self) -> None:
        """They are shared: nothing to close."""


class Shelving:
    """The built-in outbox: the message is kept by the transaction that settles it."""

    most = ONTO_THE_SHELF_AT_ONCE
    rest = 0.0

    async def open(self, wanted: int) -> int:
        """There is always room."""
        return wanted

    async def send(self, message: Any) -> Answer:  # noqa: ARG002
        """It is taken."""
        return Answer("message", 250, "kept in the built-in outbox", OUTBOX)

    async def close(self) -> None:
        """Nothing to close."""


class Desk:
    """What waits for one way out: not rendered yet, and rendered."""

    def __init__(self, outlet: Outlet, sender: Sender | None = None) -> None:
        self.outlet = outlet
        self.sender = sender
        is_smtp = sender is not None and sender.kind == "smtp"
        self.letterhead = Letterhead(read_mailbox(sender.from_address)) if sender and is_smtp else None
        self.drafts: deque[Draft] = deque()
        self.printed: deque[tuple[Draft, Printed | Spoiled | None]] = deque()
        self.printing = 0
        """How many are being rendered: in neither queue, but not forgotten."""
        self.under_way = 0
        self.opening: asyncio.Task[int] | None = None
        self.carries: set[str] = set()
        """The channels and destinations of what has come here."""

    @property
    def free(self) -> int:
        """How many more may be under way."""
        return self.outlet.most - self.under_way

    @property
    def waiting(self) -> int:
        """How many are claimed and have not left."""
        return len(self.drafts) + self.printing + len(self.printed)

    @property
    def is_sated(self) -> bool:
        """Whether nothing more is to be claimed for it."""
        return self.outlet.rest > 0 or self.waiting >= max(self.free, ENOUGH)

    @property
    def is_at_work(self) -> bool:
        """Whether something is done for it that comes back to it."""
        return self.printing > 0 or self.opening is not None

    def add(self, draft: Draft) -> None:
        """It comes to the end of the queue."""
        self.drafts.append(draft)
        self.carries.add(draft.claimed.goes_by)

    def take_all(self) -> list[Draft]:
        """Whatever has not left yet."""
        taken = [draft for draft, _ in self.printed] + list(self.drafts)
        self.printed.clear()
        self.drafts.clear()
        return taken


class Desks:
    """All of one process, made when something comes to them."""

    def __init__(self, caller: Caller, answer_seconds: float) -> None:
        self._caller = caller
        self._seconds = answer_seconds
        self._desks: dict[tuple[str, str], Desk] = {}
        self._senders: Counter[str] = Counter()
        """How many there are of each kind."""

    def __iter__(self) -> Any:
        return iter(list(self._desks.values()))

    def add(self, drafts: Iterable[Draft]) -> None:
        """Each to its desk."""
        for draft in drafts:
            if draft.desk not in self._desks:
                self._desks[draft.desk] = self._made(draft)
            self._desks[draft.desk].add(draft)

    def _made(self, draft: Draft) -> Desk:
        match draft.desk[0], draft.sender:
            case "destination", _:
                return Desk(Calling(self._caller, AT_ONCE_TO_A_DESTINATION))
            case _, None:
                return Desk(Shelving())
            case _, sender:
                return Desk(self._outlet(sender), sender)

    def _outlet(self, sender: Sender) -> Outlet:
        if sender.kind == "sms":
            return Calling(self._caller, sender.connections)
        return Connections(read_server(sender.url), sender.connections, self._seconds)

    async def refit(self, senders: Sequence[Sender]) -> None:
        """Use senders that were defined anew as they are now, and put desks away where nothing is."""
        now = {("sender", sender.key): sender for sender in senders}
        self._senders = Counter(sender.kind for sender in senders)
        for key, desk in list(self._desks.items()):
            if desk.is_at_work:
                continue
            has_changed = desk.sender is not None and now.get(key) != desk.sender
            if has_changed or (desk.letterhead is None and not (desk.waiting or desk.under_way)):
                del self._desks[key]
                self._pass_on(desk.take_all(), now.get(key))
                await desk.outlet.close()

    def _pass_on(self, drafts: Iterable[Draft], sender: Sender | None) -> None:
        self.add(Draft(one.claimed, one.template, one.destination, sender) for one in drafts)

    def sated(self) -> set[str]:
        """The channels and destinations of which enough waits here."""
        hungry: set[str] = set()
        sated: set[str] = set()
        for desk in self:
            (sated if desk.is_sated and not self._may_be_passed(desk) else hungry).update(desk.carries)
        return sated - hungry

    def _may_be_passed(self, desk: Desk) -> bool:
        """Its server is away, which is no reason to leave what goes by another one; its own is put off."""
        return desk.outlet.rest > 0 and desk.sender is not None and self._senders[desk.sender.kind] > 1

    async def close(self) -> None:
        """Close all that is idle."""
        for desk in self:
            await desk.outlet.close()
