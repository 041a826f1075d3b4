"""Rules and histories as hypothesis draws them: few names and values, so that rules often hold."""

from canvass_rules import BehaviourRule, FieldRule, Group
from hypothesis import strategies as st

from services.segments.tests.conftest import ANN, BOB, CAT, changed, merged, scored, tracked, viewed

VALUES = st.sampled_from(["CA", "ca", "", "/pricing", "Paid", 0, 1, 1.0, 0.5, True, False, "1"])
FIELDS = st.sampled_from(["country", "plan", "score", "user_id", "email"])
ASKED = {
    "page_viewed": st.sampled_from(["path", "url", "title", "properties.plan"]),
    "event_tracked": st.sampled_from(["name", "properties.plan"]),
}
KINDS = st.sampled_from(sorted(ASKED))


def groups(leaves):
    def joined(inner):
        matches, rules = st.sampled_from(["all", "any", "none"]), st.lists(inner, min_size=1, max_size=3)
        return st.builds(Group, matches, rules.map(tuple))

    return joined(st.recursive(leaves, joined, max_leaves=4))


def behaviour_rules(kind):
    asked = st.builds(FieldRule, ASKED[kind], st.just("="), VALUES)
    return st.builds(BehaviourRule, st.just(kind), st.none() | groups(asked), st.integers(1, 3))


RULES = groups(st.builds(FieldRule, FIELDS, st.just("="), VALUES) | KINDS.flatmap(behaviour_rules))

NAMES = st.sampled_from(["/pricing", "Paid", "CA", ""])
TEXTS = st.none() | st.sampled_from(["CA", "1", "", "/pricing"])
ANYTHING = VALUES | st.none() | st.sampled_from([[1], {"a": 1}])
PROPERTIES = st.dictionaries(st.just("plan"), ANYTHING)
ATTRIBUTES = st.dictionaries(st.sampled_from(["country", "plan", "score"]), ANYTHING)
WHO = st.sampled_from([ANN, BOB, CAT])
MINUTES = st.integers(0, 3000)

PAGES = st.builds(viewed, WHO, NAMES, MINUTES, url=TEXTS, title=TEXTS, properties=PROPERTIES)
EVENTS = st.builds(tracked, WHO, NAMES, MINUTES, properties=PROPERTIES)
BEHAVIOURS = PAGES | EVENTS


def states(contact_id):
    """What becomes known of a contact, the oldest first."""
    known = st.tuples(TEXTS, TEXTS, ATTRIBUTES)
    return st.lists(known, max_size=3).map(
        lambda all_: [
            changed(contact_id, revision, user_id, email, **attributes)
            for revision, (user_id, email, attributes) in enumerate(all_, start=1)
        ]
    )


def scores(contact_id):
    return st.lists(st.sampled_from([0, 1, 50]), max_size=3).map(
        lambda all_: [scored(contact_id, score, revision) for revision, score in enumerate(all_, start=1)]
    )


MERGES = st.sampled_from([[], [(ANN, BOB)], [(ANN, BOB), (BOB, CAT)], [(ANN, CAT), (BOB, CAT)]]).map(
    lambda pairs: [merged(*pair) for pair in pairs]
)


@st.composite
def histories(draw):
    """Facts in the order in which they are heard, some twice, in batches."""
    facts = draw(st.lists(BEHAVIOURS, max_size=8)) + draw(MERGES)
    for who in (ANN, BOB, CAT):
        facts += draw(states(who)) + draw(scores(who))
    if facts:
        facts += draw(st.lists(st.sampled_from(facts), max_size=3))
    facts = draw(st.permutations(facts))
    cuts = sorted(draw(st.lists(st.integers(0, len(facts)), max_size=4)))
    return [facts[start:end] for start, end in zip([0, *cuts], [*cuts, len(facts)], strict=True)]
