"""Rules and facts as hypothesis draws them: few names and values, so that rules often hold."""

from canvass_rules import BehaviourRule, Facts, FieldRule, Group, Happened
from hypothesis import strategies as st

FIELDS = st.sampled_from(["country", "plan", "score", "user_id"])
VALUES = st.sampled_from(["CA", "ca", "", 0, 1, 1.0, 0.5, True, False, "1"])
ASKED = {
    "page_viewed": st.sampled_from(["path", "url", "title", "properties.plan"]),
    "event_tracked": st.sampled_from(["name", "properties.plan", "properties.match"]),
}


def groups(leaves):
    def joined(inner):
        return st.builds(
            Group, st.sampled_from(["all", "any", "none"]), st.lists(inner, min_size=1, max_size=3).map(tuple)
        )

    return joined(st.recursive(leaves, joined, max_leaves=6))


def behaviour_rules(kind):
    asked = st.builds(FieldRule, ASKED[kind], st.just("="), VALUES)
    return st.builds(BehaviourRule, st.just(kind), st.none() | groups(asked), st.integers(1, 3))


LEAVES = (
    st.builds(FieldRule, FIELDS, st.just("="), VALUES)
    | behaviour_rules("page_viewed")
    | behaviour_rules("event_tracked")
)
RULES = groups(LEAVES)
HAPPENED = st.sampled_from(sorted(ASKED)).flatmap(
    lambda kind: st.builds(Happened, st.just(kind), st.dictionaries(ASKED[kind], VALUES))
)
FACTS = st.builds(
    Facts, st.dictionaries(FIELDS, VALUES | st.none(), max_size=4), st.lists(HAPPENED, max_size=5)
)
