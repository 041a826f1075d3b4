"""People define campaigns: draft, publish, unpublish. What loops is paused."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from canvass_rules.reading import Malformed
from canvass_runtime.db import Tx
from canvass_runtime.errors import Conflict, Invalid, NotFound
from canvass_schemas.envelope import Fact

from canvass_campaigns import announce
from canvass_campaigns.domain.blueprint import read_blueprint
from canvass_campaigns.domain.model import Campaign
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


async def create_draft(tx: Tx, key: str, document: Document) -> Definition:
    """A new campaign, which does nothing until it is published. Raises Invalid, or Conflict."""
    drawn(key, document)
    if not await definitions.create_draft(tx, key, document):
        raise Conflict(f"There is a campaign {key!r} already: read it, and send its ETag as If-Match.")
    return await read_definition(tx, key)


async def replace_draft(tx: Tx, key: str, document: Document) -> Definition:
    """The draft becomes another; what is published stays as it is until published again. Raises Invalid."""
    drawn(key, document)
    await definitions.replace_draft(tx, key, document)
    return await read_definition(tx, key)


def drawn(key: str, document: Document, version: int = 1) -> Campaign:
    """The campaign that a document draws. Raises Invalid with everything that is wrong in it."""
    try:
        return read_blueprint(document, key=key, version=version)
    except Malformed as malformed:
        fields = {problem.path: problem.message for problem in malformed.problems}
        raise Invalid(f"The document draws no campaign: {malformed}", fields=fields) from malformed


@dataclass(frozen=True, slots=True)
class Published:
    """A version is in force, since now if `changed`; then the members of `segments` are asked for."""

    version: int
    changed: bool
    segments: Sequence[str] = ()


async def publish(tx: Tx, key: str) -> Published:
    """Put the draft in force as a new version, unless the newest has the same document.

    Who is in its segments by now enters, too, as pages of them arrive. Raises Invalid when what was drafted
    by an earlier release draws no campaign any longer.
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
    """The kind of each step: of the draft and, beside them, of the newest version."""
    drafts = drawn(definition.key, definition.document)
    newest = (definition.key, definition.version or 0)
    read = await definitions.read_campaigns(tx, {newest} if definition.version else ())
    steps = {**drafts.steps, **(read[newest].steps if definition.version else {})}
    ordered = [*drafts.steps, *(step for step in steps if step not in drafts.steps)]
    return {step: named(steps[step]) for step in ordered}


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
    keys |= {f.data.campaign for f in facts if hasattr(f.data, "campaign")}
    loop = facts[0]
    about = getattr(loop.data, "segment", None) or getattr(loop.data, "step", "")
    await _pause(tx, keys, f"goes round in a loop: {loop.type} ({about}) came over {loop.hops} hops")


async def _pause(tx: Tx, keys: Collection[str], reason: str) -> None:
    paused = await definitions.put_to_rest(tx, keys, reason)
    await announce.campaigns_paused(tx, paused, reason)
