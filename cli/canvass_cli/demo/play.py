"""Plays the story and tells how long each reaction took; fails unless each part happens, and once."""

import asyncio
from time import monotonic

import typer

from .addresses import Addresses
from .people import Person
from .story import BEGUN, Beat, Chapter, chapters, never
from .watching import FactWatcher, Timeline, until
from .world import World

PATIENCE_SECONDS = 60.0
QUIET_SECONDS = 2.0


def play(at: Addresses, smtp_port: int) -> bool:
    """Play it on running services, with an SMTP server on a free port unless there is a Mailpit.

    Gives whether all happened, once, and nothing that must not.
    """
    return asyncio.run(_play(at, smtp_port))


async def _play(at: Addresses, smtp_port: int) -> bool:
    timeline = Timeline()
    ada, ben = Person.new("Ada"), Person.new("Ben")
    story = chapters(ada, ben)
    async with FactWatcher(at.rabbitmq, timeline):
        with World(at, timeline, smtp_port) as world:
            well = await _all(story, world, timeline)
            await asyncio.sleep(QUIET_SECONDS)  # what would happen a second time has a moment to do so
    well = _count(story, never(ada, ben), timeline) and well
    typer.echo("\nAll of it happened, once." if well else "\nThe story did not run as it should.")
    return well


async def _all(story: list[Chapter], world: World, timeline: Timeline) -> bool:
    for chapter in story:
        if not await _happens(chapter, world, timeline):
            return False
    return True


async def _happens(chapter: Chapter, world: World, timeline: Timeline) -> bool:
    typer.echo(f"\n{chapter.told}")
    began = monotonic()
    await asyncio.to_thread(chapter.act, world)
    await until(lambda: all(beat.found(timeline) for beat in chapter.beats), PATIENCE_SECONDS)
    for beat in chapter.beats:
        typer.echo(_line(beat, timeline, began))
    return all(beat.found(timeline) for beat in chapter.beats) and await _rests(chapter, world, timeline)


def _line(beat: Beat, timeline: Timeline, began: float) -> str:
    found = beat.found(timeline)
    if not found:
        return f"     never  {beat.told}: not within {PATIENCE_SECONDS:.0f} s"
    took = found[0].at - began
    return f"{took * 1000:7.0f} ms  {beat.told}" if took > 0 else f"   already  {beat.told}"


async def _rests(chapter: Chapter, world: World, timeline: Timeline) -> bool:
    """Whether the journey of the chapter comes to rest where it should."""
    if chapter.rests is None:
        return True
    person, step = chapter.rests
    journey = str(Beat("", BEGUN, person).found(timeline)[0].details["journey_id"])
    deadline = monotonic() + PATIENCE_SECONDS
    while not await asyncio.to_thread(world.rests, journey, step):
        if monotonic() > deadline:
            typer.echo(f"     never  the journey of {person.name} rests at {step}")
            return False
        await asyncio.sleep(0.05)
    return True


def _count(story: list[Chapter], forbidden: list[Beat], timeline: Timeline) -> bool:
    """Whether nothing happened twice, or that must not; tells what did."""
    wrong = [
        f"{len(found)} times, to {beat.person.name}: {beat.told}"
        for chapter in story
        for beat in chapter.beats
        if len(found := beat.found(timeline)) > 1
    ]
    wrong += [f"wrongly: {beat.told}" for beat in forbidden if beat.found(timeline)]
    for one in wrong:
        typer.echo(f"\n{one}")
    return not wrong
