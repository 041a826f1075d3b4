"""Claimed deliveries are rendered beside the sending, the shortest queue of rendered ones first."""

import asyncio

from canvass_channels.senders.press import MOST_JOBS, Press

from .desks import Desk, Desks

ENOUGH_PRINTED = 2 * MOST_JOBS
"""For one way out. What is rendered takes memory: up to some megabytes a message."""


class Printing:
    """One batch at a time."""

    def __init__(self, press: Press, desks: Desks) -> None:
        self._press = press
        self._desks = desks
        self.tasks: set[asyncio.Task[None]] = set()
        """What goes on now."""

    def go_on(self) -> None:
        """Begin the next batch unless one is being rendered. Raises what went wrong with the last one."""
        for task in [task for task in self.tasks if task.done()]:
            self.tasks.remove(task)
            task.result()
        if self.tasks:
            return
        waiting = [desk for desk in self._desks if desk.drafts and len(desk.printed) < ENOUGH_PRINTED]
        for desk in waiting:
            _pass_unrendered(desk)
        waiting = [desk for desk in waiting if desk.drafts]
        if waiting:
            desk = min(waiting, key=lambda desk: len(desk.printed))
            self.tasks.add(asyncio.create_task(self._print(desk)))

    async def _print(self, desk: Desk) -> None:
        batch = [desk.drafts.popleft() for _ in range(min(MOST_JOBS, len(desk.drafts)))]
        desk.printing = len(batch)
        jobs = [job for draft in batch if (job := draft.job())]
        done = 0
        try:
            results = await self._press.print(jobs)
            done = len(results)
            desk.printed.extend(zip(batch, results, strict=False))
        finally:
            desk.printing = 0
            desk.drafts.extendleft(reversed(batch[done:]))


def _pass_unrendered(desk: Desk) -> None:
    """Webhooks need no rendering, and all at a destination's desk are webhooks."""
    while desk.drafts and desk.drafts[0].job() is None:
        desk.printed.append((desk.drafts.popleft(), None))
