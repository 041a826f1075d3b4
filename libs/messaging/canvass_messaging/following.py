"""Facts about contacts that are somebody else today: followed, based anew, or of no more interest. Pure."""

from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

from canvass_schemas.envelope import Fact, State
from canvass_schemas.tracking import ContactChanged, ContactMerged

from .contacts import Merge, Standings

F = TypeVar("F", bound=Fact[Any])


def followed(fact: F, standings: Standings) -> F:
    """The same fact of who its contact is today."""
    if fact.subject is None or not standings.is_merged(fact.subject):
        return fact
    return fact.model_copy(update={"subject": standings.today(fact.subject)})


def rebased(request: F, standings: Standings) -> F:
    """The same request of who its contact is today.

    The revision it needs was one of the contact that is no more: what was known then is in the revision
    that today's contact got by the merge.
    """
    if request.subject is None or not standings.is_merged(request.subject):
        return request
    revision = standings.needed(request.subject, request.data.contact_revision)
    data = request.data.model_copy(update={"contact_revision": revision})
    return followed(request, standings).model_copy(update={"data": data})


def current(states: Iterable[State[Any]], standings: Standings) -> list[State[Any]]:
    """The newest state of each thing, of contacts that are nobody else.

    A merged contact has no state: its revisions say nothing beside its winner's, whose own states tell all.
    Of contacts it is known here how new a state must be; of other things the handler knows.
    """
    found: dict[Any, State[Any]] = {}
    for state in states:
        if standings.is_merged(state.subject) or _is_old(state, standings):
            continue
        known = found.get(state.key())
        if known is None or known.revision < state.revision:
            found[state.key()] = state
    return list(found.values())


def _is_old(state: State[Any], standings: Standings) -> bool:
    return isinstance(state, ContactChanged) and state.revision <= standings.revisions[state.subject]


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
