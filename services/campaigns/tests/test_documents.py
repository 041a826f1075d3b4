"""Documents as they are posted, in JSON and YAML, and the schemas that describe them."""

from pathlib import Path

import jsonschema
import pytest
from canvass_campaigns.api.documents import read_yaml
from canvass_campaigns.domain.blueprint import read_blueprint
from canvass_campaigns.domain.step_schemas import document_schema, step_schemas
from canvass_campaigns.domain.vocabulary import KINDS
from canvass_rules import Malformed
from canvass_runtime.errors import Invalid

from services.campaigns.tests.conftest import DOCUMENT

NEW = {"If-None-Match": "*"}
URL = "/campaigns/hot-leads"
YAML = {"Content-Type": "application/yaml; charset=utf-8", **NEW}
STORY = """
campaign: hot-leads
name: Hot leads
sources:
  - segment: hot
  - form: webinar
  - {event: Order Completed, where: {properties.plan: pro}}
steps:
  welcome: {do: send_email, template: welcome, next: [opened, clicked]}
  opened: {decide: opened, of: welcome, within: P3D, yes: thanks, no: remind}
  clicked: {decide: clicked, of: welcome, url: "https://shop.example/x", within: P3D, yes: pause}
  pause: {do: wait, for: PT4H, next: code}
  thanks: &text {do: send_sms, template: thanks, class: marketing}
  code: {do: send_sms, template: code, values: {percent: 20, "yes": no}, next: christmas}
  christmas: {do: wait, until: 2026-12-24T09:00:00+01:00, next: canadian}
  canadian:
    if: {match: all, rules: [{field: country, operator: "=", value: CA}, {tag: vip}]}
    yes: crm
    no: null
  crm: {do: webhook, destination: crm, values: {stage: Hot Prospect}, next: sales}
  sales: {do: notify, destination: sales, next: vip}
  vip: {do: change_segment, segment: vip, member: false, next: page}
  page: {decide: page, path: /pricing*, within: P1D, since: here, yes: event}
  event: {decide: event, event: Order Completed, where: {properties.plan: pro}, within: P1D, yes: form}
  form: {decide: form, form: webinar, within: PT1H}
  remind: {do: send_email, template: reminder}
"""


HOW_TO = Path(__file__).parents[3] / "docs" / "how-to" / "campaign-documents.md"


def test_the_campaign_of_the_how_to_is_one():
    written = HOW_TO.read_text().partition("```yaml\n")[2].partition("```")[0]
    document = read_yaml(written.encode())
    campaign = read_blueprint(document, key="canada-hot-leads", version=1)
    assert {kind_of(step) for step in document["steps"].values()} >= {
        "if",
        "opened",
        "page",
        "webhook",
        "wait",
    }
    assert len(campaign.sources) == 3
    jsonschema.validate(document, document_schema())


def kind_of(step):
    return step.get("do") or step.get("decide") or "if"


def read(document):
    return read_blueprint(document, key="hot-leads", version=1)


def test_every_kind_of_step_is_read_from_yaml_and_described():
    document = read_yaml(STORY.encode())
    assert document["steps"]["code"]["values"] == {"percent": 20, "yes": "no"}
    assert document["steps"]["christmas"]["until"] == "2026-12-24T09:00:00+01:00"
    assert document["steps"]["vip"]["member"] is False
    assert {kind_of(step) for step in document["steps"].values()} == set(KINDS)
    assert len(read(document).steps) == len(document["steps"])
    jsonschema.Draft202012Validator.check_schema(document_schema())
    jsonschema.validate(document, document_schema())


async def test_a_campaign_is_put_in_yaml_and_published(client):
    answer = await client.put(URL, content=STORY, headers=YAML)
    assert (answer.status_code, answer.json()["document"]["name"]) == (201, "Hot leads")
    done = (await client.post(f"{URL}/publish")).json()
    assert done == {"campaign": "hot-leads", "version": 1, "changed": True, "segments": ["hot"]}
    numbers = (await client.get(f"{URL}/numbers")).json()
    assert [(step["step"], step["kind"]) for step in numbers["steps"]][:3] == [
        ("welcome", "send_email"),
        ("opened", "opened"),
        ("clicked", "clicked"),
    ]


BOMB = "a: &a [x,x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{name}: &{name} [{','.join(['*' + before] * 10)}]\n"
    for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize(
    ("body", "says"),
    [
        pytest.param("a: [", "line", id="cut off"),
        pytest.param("a: 1\na: 2", "line 2: has 'a' twice", id="a name twice"),
        pytest.param("a: !!python/object:os.system x", "tag", id="a tag"),
        pytest.param("a: !!python/object/apply:os.system [x]", "tag", id="a tag of a list"),
        pytest.param("a: !!set {x}", "tag", id="a tag of an object"),
        pytest.param('a: !!int "5"', "tag", id="a tag of what is quoted"),
        pytest.param("!!binary a: x", "tag", id="a tag of a name"),
        pytest.param("a: 1\n---\nb: 2", "second document", id="two documents"),
        pytest.param("", "holds nothing", id="empty"),
        pytest.param("a: *b", "line 1", id="an unknown anchor"),
        pytest.param("a: &a [*a]", "line 1", id="an anchor within itself"),
        pytest.param("[" * 100_000, "deep", id="deep"),
        pytest.param(BOMB, "50000 values", id="aliases of aliases"),
        pytest.param("? [a]\n: b", "name that is no text", id="a list for a name"),
        pytest.param(b"\xff\xfe\x00", "", id="no text"),
        pytest.param("a: \x01", "", id="a control character"),
    ],
)
def test_what_is_no_yaml_of_ours_is_refused_with_its_place(body, says):
    with pytest.raises(Invalid) as refused:
        read_yaml(body if isinstance(body, bytes) else body.encode())
    assert says in refused.value.fields[""]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        *(("yes", "yes"), ("no", "no"), ("on", "on"), ("true", True), ("~", None), ("", None)),
        *(("1", 1), ("-1.5e3", -1500.0), ("010", "010"), ("1_000", "1_000"), ("12:30", "12:30")),
        *((".inf", ".inf"), ("2026-12-24", "2026-12-24"), ("'1'", "1"), ("0x10", "0x10")),
        ("9" * 30, "9" * 30),
    ],
)
def test_plain_words_are_what_json_has_and_nothing_more(text, value):
    read = read_yaml(f"a: {text}".encode())["a"]
    assert (read, type(read)) == (value, type(value))


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        (b"{", {"Content-Type": "application/json"}, 422),
        (b"[" * 200_000, {"Content-Type": "application/json"}, 422),
        (b"[]", {"Content-Type": "application/json"}, 422),
        (b"- a", YAML, 422),
        (b"a: " + b"x" * 300_000, YAML, 413),
    ],
)
async def test_a_body_that_is_no_document_is_refused(client, body, headers, status):
    answer = await client.put(URL, content=body, headers=headers | NEW)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")


async def test_the_schemas_of_steps_are_published(client):
    told = (await client.get("/schemas/steps")).json()
    assert [step["name"] for step in told["steps"]] == list(KINDS)
    email = told["steps"][0]
    assert (email["word"], email["schema"]["properties"]["template"]["x-refers-to"]) == ("do", "template")
    for step in told["steps"]:
        jsonschema.Draft202012Validator.check_schema(step["schema"])
    openapi = (await client.get("/openapi.json")).json()
    put = openapi["paths"]["/campaigns/{key}"]["put"]["requestBody"]["content"]
    assert set(put) == {"application/json", "application/yaml"}


@pytest.mark.parametrize("kind", [kind["name"] for kind in step_schemas()])
def test_a_step_s_schema_and_its_reader_agree(kind):
    steps = read_yaml(STORY.encode())["steps"]
    found = next(step for step in steps.values() if kind_of(step) == kind)
    (schema,) = [one["schema"] for one in step_schemas() if one["name"] == kind]
    jsonschema.validate(found, schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(found | {"unknown": 1}, schema)


@pytest.mark.parametrize(
    ("step", "path", "says"),
    [
        ({"decide": "opened", "of": "gone", "within": "P1D"}, "/steps/a/of", "no step 'gone'"),
        ({"decide": "opened", "of": "below", "within": "P1D", "yes": "below"}, "/steps/a/of", "above"),
        ({"decide": "opened", "of": "text", "within": "P1D"}, "/steps/a/of", "send_email; 'text' does not"),
        ({"decide": "page", "path": "/x", "no": "below"}, "/steps/a", 'lacks "within"'),
        ({"decide": "page", "where": {"name": "x"}, "within": "P1D"}, "/steps/a/where/name", "page_viewed"),
        ({"decide": "event", "within": "P1D"}, "/steps/a", 'lacks "event"'),
        ({"decide": "page", "since": "there"}, "/steps/a/since", '"here"'),
        ({"do": "wait"}, "/steps/a", '"for" or "until"'),
        ({"do": "wait", "for": "P1D", "until": "2026-12-24T09:00:00Z"}, "/steps/a", "not both"),
        ({"do": "wait", "until": "2026-12-24T09:00:00"}, "/steps/a/until", "zone"),
        ({"do": "webhook"}, "/steps/a", 'lacks "destination"'),
        ({"do": "webhook", "destination": "crm", "values": {"a": [[[[[[1]]]]]]}}, None, "nested"),
        (
            {"do": "webhook", "destination": "crm", "values": {str(i): i for i in range(51)}},
            None,
            "50 values",
        ),
        ({"do": "webhook", "destination": "crm", "values": {"a": "b\0"}}, "/steps/a/values/a", "text"),
        ({"do": "change_segment", "segment": "vip", "member": "no"}, "/steps/a/member", "true or false"),
        ({"if": {"match": "all", "rules": []}}, "/steps/a/if/rules", "at least one rule"),
        ({"if": {"match": "all"}, "next": None}, "/steps/a", "does not know 'next'"),
    ],
)
def test_a_mistake_in_a_step_is_named_with_its_place(step, path, says):
    steps = {
        "welcome": {"do": "send_email", "template": "t", "next": ["a", "text"]},
        "text": {"do": "send_sms", "template": "t", "next": ["below", "a"]},
        "a": step,
        "below": {"do": "send_email", "template": "t"},
    }
    with pytest.raises(Malformed) as refused:
        read(DOCUMENT | {"steps": steps})
    problems = {problem.path: problem.message for problem in refused.value.problems}
    assert path is None or path in problems
    assert any(says in message for message in problems.values()), problems


def test_a_thousand_decisions_about_one_message_are_checked_at_once():
    decisions = {
        f"d{i}": {"decide": "opened", "of": "welcome", "within": "P1D", "yes": f"d{i + 1}", "no": f"d{i + 1}"}
        for i in range(998)
    }
    last = {"d998": {"decide": "opened", "of": "welcome", "within": "P1D"}}
    steps = {"welcome": {"do": "send_email", "template": "t", "next": "d0"}, **decisions, **last}
    assert len(read(DOCUMENT | {"steps": steps}).steps) == 1_000
