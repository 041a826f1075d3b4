"""What facts come to, folded by the pure predicate without any database."""

from canvass_rules import Facts, Happened, holds
from canvass_schemas.campaigns import StepMembershipWanted
from canvass_schemas.points import ScoreChanged, TriggerMembershipWanted
from canvass_schemas.tracking import (
    ContactChanged,
    ContactMerged,
    EmailOpened,
    EventTracked,
    FormSubmitted,
    LinkClicked,
    PageViewed,
)
from canvass_segments import consumers

_TOLD = {
    PageViewed: consumers._page,
    EventTracked: consumers._event,
    FormSubmitted: consumers._form,
    EmailOpened: consumers._opening,
    LinkClicked: consumers._click,
}


def told(event):
    """A behaviour in the words of segments."""
    return _TOLD[type(event)](event)


def members(facts, in_force, now):
    """Who is in which segment after these facts, in whatever order they were heard."""
    into = {fact.subject: fact.data.into for fact in facts if isinstance(fact, ContactMerged)}
    alive = ({fact.subject for fact in facts} | set(into.values())) - into.keys()
    return {
        (id_, key)
        for id_ in alive
        for key, rules in in_force.items()
        if _wished(id_, key, facts, into, otherwise=holds(rules, _known(id_, facts, into), now))
    }


def _wished(contact_id, key, facts, into, otherwise):
    wishes = [
        (fact.time, fact.data.member)
        for fact in facts
        if isinstance(fact, TriggerMembershipWanted | StepMembershipWanted)
        and (_today(fact.subject, into), fact.data.segment) == (contact_id, key)
    ]
    return max(wishes)[1] if wishes else otherwise


def _known(contact_id, facts, into):
    people, scores, done = {}, {}, {}
    for fact in facts:
        match fact:
            case ContactChanged() if fact.subject == contact_id:
                people[fact.revision] = consumers._person(fact).facts()
            case ScoreChanged() if fact.subject == contact_id:
                scores[fact.revision] = fact.data.score
            case _ if type(fact) in _TOLD and _today(fact.subject, into) == contact_id:
                done[fact.id] = told(fact)
    person = people.get(max(people, default=0), Facts())
    fields = {**person.fields, "score": scores.get(max(scores, default=0), 0)}
    return Facts(fields, [Happened(one.kind, one.values(), one.at) for one in done.values()], person.tags)


def _today(contact_id, into):
    while contact_id in into:
        contact_id = into[contact_id]
    return contact_id
