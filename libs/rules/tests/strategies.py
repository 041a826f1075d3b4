"""Rules and facts as hypothesis draws them: few names and values, so that rules often hold."""

from datetime import UTC, datetime, timedelta

from canvass_rules import BehaviourRule, Facts, FieldRule, Group, Happened, TagRule
from hypothesis import strategies as st

NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)

FIELDS = st.sampled_from(["country", "plan", "score", "user_id"])
TEXTS = st.sampled_from(["CA", "ca", "", "C", "1", "2026-12-01", "/a/b"])
NUMBERS = st.sampled_from([0, 1, 1.0, 0.5, -2])
VALUES = TEXTS | NUMBERS | st.booleans()
TAGS = st.sampled_from(["vip", "new"])
ASKED = {
    "page_viewed": st.sampled_from(["path", "url", "title", "properties.plan"]),
    "event_tracked": st.sampled_from(["name", "properties.plan", "properties.match"]),
    "form_submitted": st.sampled_from(["form", "properties.plan"]),
    "email_opened": st.sampled_from(["template", "campaign"]),
    "link_clicked": st.sampled_from(["url", "template", "campaign"]),
}
AGES = st.sampled_from([0, 1, 3599, 3600, 3601, 86_400, 7 * 86_400]).map(lambda s: timedelta(seconds=s))
WITHIN = st.none() | st.sampled_from(
    [timedelta(seconds=1), timedelta(hours=1), timedelta(days=1, hours=12, seconds=3), timedelta(days=7)]
)


def field_rules(fields):
    """All operators, each with values that it takes."""
    return (
        st.builds(FieldRule, fields, st.sampled_from(["=", "!="]), VALUES)
        | st.builds(FieldRule, fields, st.sampled_from([">", ">=", "<", "<="]), TEXTS | NUMBERS)
        | st.builds(FieldRule, fields, st.sampled_from(["contains", "starts_with", "ends_with"]), TEXTS)
        | st.builds(FieldRule, fields, st.just("matches"), TEXTS | st.sampled_from(["*", "C*", "*/b", "*a*"]))
        | st.builds(
            FieldRule,
            fields,
            st.sampled_from(["in", "not_in"]),
            st.lists(VALUES, min_size=1, max_size=3).map(tuple),
        )
        | st.builds(FieldRule, fields, st.sampled_from(["is_set", "is_not_set"]))
    )


def groups(leaves):
    def joined(inner):
        return st.builds(
            Group, st.sampled_from(["all", "any", "none"]), st.lists(inner, min_size=1, max_size=3).map(tuple)
        )

    return joined(st.recursive(leaves, joined, max_leaves=6))


def wheres(kind):
    return st.none() | groups(field_rules(ASKED[kind]))


def behaviour_rules(kind):
    return st.builds(BehaviourRule, st.just(kind), wheres(kind), st.integers(1, 3), WITHIN)


KINDS = st.sampled_from(sorted(ASKED))
LEAVES = field_rules(FIELDS) | st.builds(TagRule, TAGS) | KINDS.flatmap(behaviour_rules)
RULES = groups(LEAVES)
HAPPENED = KINDS.flatmap(
    lambda kind: st.builds(
        Happened, st.just(kind), st.dictionaries(ASKED[kind], VALUES), AGES.map(lambda age: NOON - age)
    )
)
FACTS = st.builds(
    Facts,
    st.dictionaries(FIELDS, VALUES | st.none() | st.just(["CA"]), max_size=4),
    st.lists(HAPPENED, max_size=5),
    st.frozensets(TAGS),
)
