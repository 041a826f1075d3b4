"""Facts about contacts that are somebody else today: followed, based anew, or of no more interest. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeVar
from uuid import UUID

from canvass_schemas.envelope import Fact, State
from canvass_schemas.tracking import ContactMerged

from .contacts import Merge, Standings

F = TypeVar("F", bound=Fact[Any])


def followed(facts: list[F], standings: Standings) -> list[F]:
    """The same facts of who their contacts are today.

    A revision of the contact that is no more, which some tell, means nothing beside today's: see `rebased`.
    """
    return [_followed(fact, standings) for fact in facts] if standings else facts


def _followed(fact: F, standings: Standings) -> F:
    if fact.subject is None or not standings.is_merged(fact.subject):
        return fact
    if getattr(fact.data, "contact_revision", 0):
        return _rebased(fact, standings)
    return fact.model_copy(update={"subject": standings.today(fact.subject)})


def rebased(requests: list[F], standings: Standings) -> list[F]:
    """The same requests of who their contacts are today.

    The revision that such a one needs was of the contact that is no more: what was known then is in the
    revision that today's contact got by the merge.
    """
    return [_rebased(request, standings) for request in requests] if standings else requests


def _rebased(request: F, standings: Standings) -> F:
    if request.subject is None or not standings.is_merged(request.subject):
        return request
    revision = standings.needed(request.subject, request.data.contact_revision)
    return based_on(request, standings.today(request.subject), revision)


def based_on(request: F, contact: UUID | None, revision: int | None) -> F:
    """The same request about a contact as of a revision."""
    data = request.data.model_copy(update={"contact_revision": revision})
    return request.model_copy(update={"subject": contact, "data": data})


def current(
    states: Iterable[State[Any]], standings: Standings, known_revisions: Mapping[UUID, int]
) -> list[State[Any]]:
    """The newest state of each thing, of contacts that are nobody else, and newer than what is known.

    A merged contact has no state: its revisions say nothing beside its winner's, whose own states tell all.
    What is known is given for the state of contacts; of other things the handler knows.
    """
    found: dict[Any, State[Any]] = {}
    for state in states:
        if standings.is_merged(state.subject) or state.revision <= known_revisions.get(state.subject, 0):
            continue
        known = found.get(state.key())
        if known is None or known.revision < state.revision:
            found[state.key()] = state
    return list(found.values())


def merged(facts: Sequence[ContactMerged], standings: Standings) -> tuple[list[ContactMerged], list[Merge]]:
    """Take merges into the standings. Returns their facts, into who the winners are today, and the merges.

    Merges that contradict what was heard before are left out.
    """
    told = [Merge(fact.subject, fact.data.into, fact.data.revision) for fact in facts]
    merges = standings.merged(told)
    today = {merge.loser: merge for merge in merges}
    return [_into(fact, today[fact.subject]) for fact in facts if fact.subject in today], merges


def _into(fact: ContactMerged, merge: Merge) -> ContactMerged:
    data = fact.data.model_copy(update={"into": merge.winner, "revision": merge.revision})
    return fact.model_copy(update={"data": data})
