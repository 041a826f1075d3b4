"""Rules and histories as hypothesis draws them: few names and values, so that rules often hold."""

from datetime import timedelta

from canvass_rules import BehaviourRule, FieldRule, Group, TagRule
from canvass_schemas.tracking import ContactMerged
from hypothesis import strategies as st

from services.segments.tests.conftest import (
    ANN,
    BOB,
    CAT,
    changed,
    clicked,
    merged,
    opened,
    scored,
    submitted,
    tracked,
    viewed,
    wanted_in,
)

WORDS = ["CA", "ca", "", "/pricing", "Paid", "1", "%", "C_", "é", "a\\b"]
NUMBERS = st.sampled_from([0, 1, 1.0, 0.5, -1, 50])
SAID = st.sampled_from(WORDS)
VALUES = SAID | NUMBERS | st.booleans()
FIELDS = st.sampled_from(["country", "plan", "score", "user_id", "email", "phone"])
TAGS = st.sampled_from(["vip", "new"])
ASKED = {
    "page_viewed": st.sampled_from(["path", "url", "title", "properties.plan"]),
    "event_tracked": st.sampled_from(["name", "properties.plan"]),
    "form_submitted": st.sampled_from(["form", "properties.plan"]),
    "email_opened": st.sampled_from(["template", "campaign", "properties.plan"]),
    "link_clicked": st.sampled_from(["url", "template", "campaign"]),
}
KINDS = st.sampled_from(sorted(ASKED))
PARTS = SAID | st.sampled_from(["C", "/pri", "aid", "%"])
PATTERNS = PARTS | st.sampled_from(["*", "/pri*", "*aid", "*a*", "C*A", "_A", "*%", "*\\*"])
WITHIN = st.none() | st.sampled_from([timedelta(minutes=90), timedelta(days=1), timedelta(days=7)])


def field_rules(fields):
    """All operators, each with values that it takes."""
    several = st.lists(VALUES, min_size=1, max_size=3).map(tuple)
    return (
        st.builds(FieldRule, fields, st.sampled_from(["=", "!="]), VALUES)
        | st.builds(FieldRule, fields, st.sampled_from([">", ">=", "<", "<="]), SAID | NUMBERS)
        | st.builds(FieldRule, fields, st.sampled_from(["contains", "starts_with", "ends_with"]), PARTS)
        | st.builds(FieldRule, fields, st.just("matches"), PATTERNS)
        | st.builds(FieldRule, fields, st.sampled_from(["in", "not_in"]), several)
        | st.builds(FieldRule, fields, st.sampled_from(["is_set", "is_not_set"]))
    )


def groups(leaves):
    def joined(inner):
        matches, rules = st.sampled_from(["all", "any", "none"]), st.lists(inner, min_size=1, max_size=3)
        return st.builds(Group, matches, rules.map(tuple))

    return joined(st.recursive(leaves, joined, max_leaves=4))


def behaviour_rules(kind):
    wheres = st.none() | groups(field_rules(ASKED[kind]))
    return st.builds(BehaviourRule, st.just(kind), wheres, st.integers(1, 3), WITHIN)


RULES = groups(field_rules(FIELDS) | st.builds(TagRule, TAGS) | KINDS.flatmap(behaviour_rules))

NAMES = SAID
TEXTS = st.none() | SAID
ANYTHING = VALUES | st.none() | st.sampled_from([[1], {"a": 1}, ["CA"]])
PROPERTIES = st.dictionaries(st.just("plan"), ANYTHING)
ATTRIBUTES = st.dictionaries(st.sampled_from(["country", "plan", "score"]), ANYTHING)
TAGGED = st.lists(TAGS, unique=True).map(sorted)
WHO = st.sampled_from([ANN, BOB, CAT])
MINUTES = st.integers(-11_000, 3000)

PAGES = st.builds(viewed, WHO, NAMES, MINUTES, url=TEXTS, title=TEXTS, properties=PROPERTIES)
EVENTS = st.builds(tracked, WHO, NAMES, MINUTES, properties=PROPERTIES)
FORMS = st.builds(submitted, WHO, NAMES, MINUTES, properties=PROPERTIES)
OPENINGS = st.builds(opened, WHO, NAMES, MINUTES, campaign=TEXTS, properties=PROPERTIES)
CLICKS = st.builds(clicked, WHO, NAMES, MINUTES, NAMES, campaign=TEXTS)
BEHAVIOURS = PAGES | EVENTS | FORMS | OPENINGS | CLICKS


def states(contact_id):
    """What becomes known of a contact, the oldest first."""
    known = st.tuples(TEXTS, TEXTS, TEXTS, TAGGED, ATTRIBUTES)
    return st.lists(known, max_size=3).map(
        lambda all_: [
            changed(contact_id, revision, user_id, email, phone=phone, tags=tags, **attributes)
            for revision, (user_id, email, phone, tags, attributes) in enumerate(all_, start=1)
        ]
    )


def scores(contact_id):
    return st.lists(st.sampled_from([0, 1, 50]), max_size=3).map(
        lambda all_: [scored(contact_id, score, revision) for revision, score in enumerate(all_, start=1)]
    )


MERGES = st.sampled_from([[], [(ANN, BOB)], [(ANN, BOB), (BOB, CAT)], [(ANN, CAT), (BOB, CAT)]]).map(
    lambda pairs: [merged(*pair) for pair in pairs]
)


KEYS = st.sampled_from(["one", "two"])
WISHES = st.lists(
    st.builds(
        wanted_in, WHO, KEYS, st.booleans(), st.integers(0, 3), st.sampled_from(["points", "campaigns"])
    ),
    max_size=2,
)


@st.composite
def histories(draw):
    """Facts in the order in which they are heard, some twice, in batches."""
    facts = draw(st.lists(BEHAVIOURS, max_size=8)) + draw(MERGES) + draw(WISHES)
    for who in (ANN, BOB, CAT):
        facts += draw(states(who)) + draw(scores(who))
    if any(isinstance(fact, ContactMerged) for fact in facts):
        # What is wanted for a contact that is another now waits until that one is known as of the merge.
        facts += [changed(who, 10, phone=draw(TEXTS), **draw(ATTRIBUTES)) for who in (BOB, CAT)]
    if facts:
        facts += draw(st.lists(st.sampled_from(facts), max_size=3))
    facts = draw(st.permutations(facts))
    cuts = sorted(draw(st.lists(st.integers(0, len(facts)), max_size=4)))
    return [facts[start:end] for start, end in zip([0, *cuts], [*cuts, len(facts)], strict=True)]
