"""People define campaigns: draft, publish, unpublish. What loops is paused."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from canvass_rules.reading import Malformed, by_place
from canvass_runtime.db import Tx
from canvass_runtime.errors import Conflict, Invalid, NotFound
from canvass_schemas.envelope import Fact

from canvass_campaigns import announce
from canvass_campaigns.domain.blueprint import read_blueprint
from canvass_campaigns.domain.model import Campaign, Step, StepId
from canvass_campaigns.domain.outline import problems_of_outline
from canvass_campaigns.domain.steps import named
from canvass_campaigns.store import definitions
from canvass_campaigns.store.definitions import Definition, Document

UNPUBLISHED = "unpublished"


async def read_definition(tx: Tx, key: str) -> Definition:
    """Raises NotFound."""
    return _found(await definitions.read_definition(tx, key), key)


async def find_definition(tx: Tx, key: str) -> Definition | None:
    """The definition, which nobody else changes until the transaction ends; None when there is none."""
    return await definitions.read_definition(tx, key, lock=True)


def _found(definition: Definition | None, key: str) -> Definition:
    if definition is None:
        raise NotFound(f"There is no campaign {key!r}: list them with GET /campaigns.")
    return definition


async def create_draft(tx: Tx, key: str, document: Document, *, incomplete: bool = False) -> Definition:
    """A new campaign, which does nothing until it is published. Raises Invalid, or Conflict."""
    _check(key, document, incomplete=incomplete)
    if not await definitions.create_draft(tx, key, document):
        raise Conflict(f"There is a campaign {key!r} already: read it, and send its ETag as If-Match.")
    return await read_definition(tx, key)


async def replace_draft(tx: Tx, key: str, document: Document, *, incomplete: bool = False) -> Definition:
    """The draft becomes another; what is published stays as it is until published again. Raises Invalid."""
    _check(key, document, incomplete=incomplete)
    await definitions.replace_draft(tx, key, document)
    return await read_definition(tx, key)


def _check(key: str, document: Document, *, incomplete: bool) -> None:
    """Whoever is still drawing may keep what is not a campaign yet, if it has the outline of one."""
    if not incomplete:
        drawn(key, document)
    elif problems := problems_of_outline(document):
        raise Invalid("Not even the outline of a campaign is there.", fields=by_place(problems))


def problems_of(key: str, document: Document) -> Mapping[str, str]:
    """What is wrong with a document, by JSON Pointer: nothing, where it draws a campaign."""
    try:
        read_blueprint(document, key=key, version=1)
    except Malformed as malformed:
        return malformed.fields
    return {}


def drawn(key: str, document: Document, version: int = 1) -> Campaign:
    """The campaign that a document draws. Raises Invalid with everything that is wrong in it."""
    try:
        return read_blueprint(document, key=key, version=version)
    except Malformed as malformed:
        detail = f"The document draws no campaign: {malformed}"
        raise Invalid(detail, fields=malformed.fields) from malformed


@dataclass(frozen=True, slots=True)
class Published:
    """A version is in force, since now if `changed`; then the members of `segments` are asked for."""

    version: int
    changed: bool
    segments: Sequence[str] = ()


async def publish(tx: Tx, key: str) -> Published:
    """Put the draft in force as a new version, unless the newest has the same document.

    Who is in its segments by now enters, too, as pages of them arrive. Raises Invalid when the draft draws
    no campaign yet, or, drafted by an earlier release, none any longer.
    """
    definition = _found(await find_definition(tx, key), key)
    version = definition.version
    if version is None or await definitions.read_version(tx, key, version) != definition.document:
        version = (version or 0) + 1
        await definitions.add_version(tx, key, version, definition.document)
    elif definition.status == "published":
        return Published(version, changed=False)
    campaign = drawn(key, definition.document, version)
    at = await definitions.put_in_force(tx, campaign)
    await announce.campaign_published(tx, key, version, at)
    await announce.audiences_wanted(tx, campaign, at)
    return Published(version, changed=True, segments=campaign.segments)


async def kinds_of_steps(tx: Tx, definition: Definition) -> Mapping[str, str]:
    """The kind of each step: of the draft, where it is whole, and of the newest version."""
    drafts = _drafted(definition)
    newest = (definition.key, definition.version or 0)
    read = await definitions.read_campaigns(tx, {newest} if definition.version else ())
    steps = {**drafts, **(read[newest].steps if definition.version else {})}
    ordered = [*drafts, *(step for step in steps if step not in drafts)]
    return {step: named(steps[step]) for step in ordered}


def _drafted(definition: Definition) -> Mapping[StepId, Step]:
    try:
        return read_blueprint(definition.document, key=definition.key, version=1).steps
    except Malformed:
        return {}


async def unpublish(tx: Tx, key: str) -> Definition:
    """Nobody enters it any longer, and what it wants is not sent, until it is published again."""
    _found(await find_definition(tx, key), key)
    await _pause(tx, [key], UNPUBLISHED)
    return await read_definition(tx, key)


async def pause_what_loops(tx: Tx, facts: Sequence[Fact[Any]]) -> None:
    """Facts have come too far to be anything but a loop: the campaigns that these set in motion rest."""
    listeners = await definitions.read_listeners(
        tx, {f.data.segment for f in facts if hasattr(f.data, "segment")}
    )
    keys = {key for campaigns in listeners.values() for key, _ in campaigns}
    keys |= {f.data.campaign for f in facts if getattr(f.data, "campaign", None)}
    loop = facts[0]
    about = getattr(loop.data, "segment", None) or getattr(loop.data, "step", "")
    await _pause(tx, keys, f"goes round in a loop: {loop.type} ({about}) came over {loop.hops} hops")


async def _pause(tx: Tx, keys: Collection[str], reason: str) -> None:
    paused = await definitions.put_to_rest(tx, keys, reason)
    await announce.campaigns_paused(tx, paused, reason)
