"""Plays the main job and tells how long each hop took. Fails if a part did not happen, or happened twice."""

import asyncio
from time import monotonic
from uuid import uuid4

import typer
from segment.analytics import Client as SegmentSdk

from .definitions import Addresses, define
from .mail import receive
from .watching import EMAIL, FactWatcher, Timeline, until

PATIENCE_SECONDS = 15.0
QUIET_SECONDS = 1.5

STORY = (
    ("tracking.page_viewed.v1", "tracking has the page view"),
    ("points.score_changed.v1", "points: the score rises"),
    ("segments.contact_entered.v1", "segments: the contact enters"),
    ("campaigns.journey_entered.v1", "campaigns: the journey begins"),
    ("campaigns.message_wanted.v1", "campaigns wants an e-mail sent"),
    (EMAIL, "the SMTP server has the e-mail"),
    ("channels.message_sent.v1", "channels says that it is sent"),
    ("campaigns.journey_ended.v1", "campaigns: the journey ends"),
)


def play(at: Addresses, smtp_port: int) -> bool:
    """Play it on running services, with an SMTP server on a free port unless there is a Mailpit.

    Gives whether all happened, once.
    """
    return asyncio.run(_play(at, smtp_port))


async def _play(at: Addresses, smtp_port: int) -> bool:
    visitor = f"demo-{uuid4().hex[:8]}"
    timeline = Timeline(message_id=visitor)
    smtp = receive(at, timeline, f"{visitor}@example.com", smtp_port)
    try:
        await asyncio.to_thread(define, at, smtp.url)
        async with FactWatcher(at.rabbitmq, timeline):
            began = await asyncio.to_thread(visit, at, visitor)
            await until(lambda: all(timeline.times(what) for what, _ in STORY), PATIENCE_SECONDS)
            # Whatever would happen a second time has a moment to do so.
            await until(lambda: any(len(timeline.times(what)) > 1 for what, _ in STORY), QUIET_SECONDS)
    finally:
        smtp.stop()
    return _tell(timeline, began, visitor)


def visit(at: Addresses, visitor: str) -> float:
    """What a site does with the official SDK; returns when the decisive page view was handed to it.

    That view's message id is `visitor`, and so is her user id.
    """
    sdk = SegmentSdk(at.write_key, host=at.tracking, gzip=True, upload_interval=0.01)
    anonymous = {"anonymous_id": f"anonymous-{visitor}"}
    traits = {"email": f"{visitor}@example.com", "country": "CA", "first_name": "Ada"}
    sdk.page(name="Blog", properties={"path": "/blog", "title": "Blog"}, **anonymous)
    sdk.page(name="Pricing", properties={"path": "/pricing", "title": "Pricing"}, **anonymous)
    sdk.identify(visitor, traits, **anonymous)
    sdk.flush()
    began = monotonic()
    sdk.page(visitor, name="Pricing", properties={"path": "/pricing", "title": "Pricing"}, message_id=visitor)
    sdk.flush()
    sdk.shutdown()
    return began


def _tell(timeline: Timeline, began: float, visitor: str) -> bool:
    typer.echo(f"\n{visitor} reads the blog and /pricing, tells who she is, and looks at /pricing again.\n")
    well = True
    for what, told in STORY:
        times = timeline.times(what)
        match times:
            case []:
                typer.echo(f"      never  {told}: not within {PATIENCE_SECONDS:.0f} s")
                well = False
            case [at]:
                typer.echo(f"  {(at - began) * 1000:6.0f} ms  {told}")
            case _:
                typer.echo(f"  {len(times):3} times  {told}: it should have happened once")
                well = False
    typer.echo("\nAll of it happened, once." if well else "\nThe story did not run as it should.")
    return well
