"""Templates designed in MJML, and templates that are looked at while they are written."""

import pytest
from canvass_channels.senders.designs import DEEPEST, Undesignable, html_of

from services.channels.tests.conftest import ANN, TEMPLATE, contact, wanted

NEW = {"If-None-Match": "*"}
TEXT = '<mj-text>Hello {{ contact.name | default: "you" }}</mj-text>'


def mjml(content=TEXT, head=""):
    column = f"<mj-section><mj-column>{content}</mj-column></mj-section>"
    return f"<mjml><mj-head>{head}</mj-head><mj-body>{column}</mj-body></mjml>"


DESIGNED = {**TEMPLATE, "html": None, "mjml": mjml()}


@pytest.mark.parametrize(
    "liquid",
    [
        '{{ contact.name | default: "you & me" }}',
        "{% if contact.age < 18 && contact.tags contains 'x' %}young{% else %}old{% endif %}",
        "{% raw %}{{ <b> }}{% endraw %}",
    ],
)
def test_liquid_in_a_design_stays_as_it_was_written(liquid):
    assert liquid in html_of(mjml(f"<mj-text>{liquid}</mj-text>"))


def test_liquid_in_an_attribute_and_in_a_style_stays_as_it_was_written():
    link = '<mj-button href="{{ values.url | append: "?a=1&b=2" }}">Go</mj-button>'
    styled = mjml(
        link + '<mj-text css-class="own">x</mj-text>', "<mj-style>.own{color:{{ values.c }}}</mj-style>"
    )
    html = html_of(styled)
    assert 'href="{{ values.url | append: "?a=1&b=2" }}"' in html
    assert "color: {{ values.c }}" in html


def test_loops_and_conditions_may_stand_around_elements_and_rows():
    rows = "<mj-table>{% for row in values.rows %}<tr><td>{{ row }}</td></tr>{% endfor %}</mj-table>"
    html = html_of(mjml("{% if values.rows %}" + rows + "{% endif %}"))
    places = [html.index(tag) for tag in ("{% if", "{% for", "{{ row", "{% endfor", "{% endif")]
    assert places == sorted(places)
    assert html.index("{% for") > html.index("<table", html.index("{% if"))


def test_styles_are_inlined_and_those_for_small_screens_stay():
    head = "<mj-style>.own{color:red} @media (max-width:9px){.own{color:blue}}</mj-style>"
    html = html_of(mjml('<mj-text css-class="own">x</mj-text>', head))
    assert "color: red;" in html.partition("<body")[2]
    assert "@media (max-width:9px)" in html


@pytest.mark.parametrize(
    ("design", "what"),
    [
        ("<p>Hello</p>", "line 1"),
        ("", "unable to find mjml element"),
        ("<mjml>\n<mj-body>\n<mj-section>", "end of stream"),
        (mjml('\n<mj-include path="/etc/passwd"/>'), "line 2"),
        (mjml('<mj-include path="http://127.0.0.1/x"/>'), "unable to load"),
        (mjml("<mj-text>" + "<div>" * DEEPEST + "</mj-text>"), "deep within each other"),
        (mjml("<mj-text>" + "<div>" * 50_000 + "</mj-text>"), "deep within each other"),
        (mjml(head="\n<mj-breakpoint width='{{ values.width }}'/>"), "line 2: {{ values.width }}"),
    ],
)
def test_a_design_that_cannot_be_used_says_why_and_where(design, what):
    with pytest.raises(Undesignable, match=what.replace("{", r"\{").replace("|", r"\|")):
        html_of(design)


def test_nothing_is_fetched_for_a_design(monkeypatch):
    """Neither style sheets nor fonts; a socket that is opened for one would raise here."""
    monkeypatch.setattr("socket.socket.connect", lambda *_: pytest.fail("it was fetched"))
    sheet = '<mj-raw><link rel="stylesheet" href="http://127.0.0.1:9/x.css"></mj-raw>'
    html_of(mjml(sheet, '<mj-font name="X" href="http://127.0.0.1:9/font.css"/>'))


@pytest.mark.parametrize("family", ["Ubuntu", "Roboto, Arial", "'Open Sans'"])
def test_no_font_is_fetched_by_readers_unless_the_design_names_where_from(family):
    text = f'<mj-text font-family="{family}">x</mj-text>'
    assert "http" not in html_of(mjml(text)).partition("<head")[2].partition("</head")[0].replace(
        "http-equiv", ""
    )
    own = '<mj-font name="Mine" href="https://fonts.example.com/mine.css"/>'
    assert "https://fonts.example.com/mine.css" in html_of(
        mjml('<mj-text font-family="Mine">x</mj-text>', own)
    )


async def test_a_template_may_be_a_design_and_is_read_as_it_was_put(client):
    put = await client.put("/templates/welcome", json=DESIGNED, headers=NEW)
    assert put.status_code == 201
    shown = (await client.get("/templates/welcome")).json()
    assert {name: shown[name] for name in DESIGNED} == DESIGNED
    listed = (await client.get("/templates")).json()["items"]
    assert [(one["mjml"], one["html"]) for one in listed] == [(DESIGNED["mjml"], None)]


async def test_what_is_sent_by_a_design_is_html_whose_links_are_tracked(
    client, hear, send, put_sender, mails
):
    link = '<mj-button href="https://example.com/">Go</mj-button>'
    await client.put("/templates/welcome", json={**DESIGNED, "mjml": mjml(TEXT + link)}, headers=NEW)
    await put_sender(url=f"smtp://127.0.0.1:{mails.port}", from_address="a@example.com")
    await hear(contact(ANN, name="<Ann>"), wanted())
    await send()
    html = mails.messages[0].get_body(("html",)).get_content()
    assert "Hello &lt;Ann&gt;" in html
    assert "mj-" not in html.partition("<body")[2].replace("mj-column", "").replace("mj-outlook", "")
    assert "/c/" in html
    assert 'href="https://example.com/"' not in html


@pytest.mark.parametrize(
    ("change", "field", "what"),
    [
        ({"mjml": "<p>no</p>"}, "mjml", "line 1"),
        ({"mjml": mjml("\n<mj-text>{{ contact.name</mj-text>")}, "mjml", "line 2"),
        ({"mjml": mjml("<mj-text>{{ 'a' | nope }}</mj-text>")}, "mjml", "no filter"),
        ({"mjml": mjml("\n\n<mj-text>{{ (1..100000000) | join }}</mj-text>")}, "mjml", "line 3"),
        ({"html": "<p>both</p>"}, "html", "leave it out"),
        ({"mjml": "x" * 200_001}, "mjml", ""),
        ({"channel": "sms", "subject": ""}, "mjml", "text only"),
    ],
)
async def test_mistakes_in_a_design_are_told_with_their_lines(client, change, field, what):
    answer = await client.put("/templates/welcome", json=DESIGNED | change, headers=NEW)
    assert (answer.status_code, list(answer.json()["fields"])) == (422, [field])
    assert what in answer.json()["fields"][field]


async def test_what_is_being_written_is_shown_before_it_is_kept(client, hear):
    await hear(contact(ANN, name="<Ann>"))
    draft = {"subject": "Hi {{ contact.name }}", "mjml": mjml()}
    of_ann = await client.post("/templates/preview", json={"template": draft, "contact_id": str(ANN)})
    assert of_ann.status_code == 200
    assert (of_ann.json()["subject"], of_ann.json()["text"]) == ("Hi <Ann>", "")
    assert "Hello &lt;Ann&gt;" in of_ann.json()["html"]
    told = await client.post(
        "/templates/preview", json={"template": {"text": "{{ values.x }}"}, "values": {"x": 1}}
    )
    assert told.json() == {"subject": "", "text": "1", "html": None}
    again = await client.post("/templates/preview", json={"template": {"text": "{{ values.x }}!"}})
    assert again.json()["text"] == "!"
    assert (await client.get("/templates")).json()["items"] == []


@pytest.mark.parametrize(
    ("template", "field"),
    [
        ({"subject": "{{ contact.name"}, "subject"),
        ({"html": "{% for %}"}, "html"),
        ({"mjml": "<p>no</p>"}, "mjml"),
        ({"mjml": mjml(), "html": "x"}, "html"),
    ],
)
async def test_mistakes_in_what_is_being_written_are_told(client, template, field):
    answer = await client.post("/templates/preview", json={"template": template})
    assert (answer.status_code, list(answer.json()["fields"])) == (422, [field])
