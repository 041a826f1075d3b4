import re
from uuid import UUID

import pytest
from canvass_channels.senders.marking import Marks, marked
from canvass_channels.senders.rendering import compile_template, tracking
from canvass_runtime.links import Links, Reaction

LINKS = Links(["a secret of these tests"])
REACTION = Reaction(UUID(int=1), UUID(int=2), "email", "welcome", "hot-leads", UUID(int=3), "first")


def rendered(html, reaction=REACTION, **contact):
    marks = Marks(LINKS, "https://t.example.com", reaction)
    return compile_template("", "", html, tracking(marks)).render({"contact": contact}).html


def clicks(html):
    return [LINKS.read_click(token) for token in re.findall(r"https://t.example.com/c/([\w.=-]+)", html)]


@pytest.mark.parametrize(
    ("link", "url"),
    [
        ('<a href="https://example.com/a">x</a>', "https://example.com/a"),
        ("<A class=b HREF='http://example.com/?a=1&amp;b=2'>x</A>", "http://example.com/?a=1&b=2"),
        ("<a href=https://example.com/a>x</a>", "https://example.com/a"),
        ('<a\n  title="a > b"\n  href = "https://example.com/a"\n>x</a>', "https://example.com/a"),
        ('<area href="https://example.com/a">', "https://example.com/a"),
        (
            '<a href="https://example.com/{{ contact.id }}?n={{ contact.name | url_encode }}">x</a>',
            "https://example.com/7?n=A%26B",
        ),
        ('<a href="{{ contact.url }}">x</a>', "https://example.com/?a=1&b=2"),
        ('<a {% if contact.id %}href="https://example.com/a"{% endif %}>x</a>', "https://example.com/a"),
        (
            '{% for i in (1..1) %}<a href="https://example.com/{{ i }}">x</a>{% endfor %}',
            "https://example.com/1",
        ),
    ],
)
def test_a_link_leads_where_it_led_by_way_of_tracking(link, url):
    html = rendered(link, id=7, name="A&B", url="https://example.com/?a=1&b=2")
    assert clicks(html) == [(REACTION, url)]


@pytest.mark.parametrize(
    "link",
    [
        '<a href="mailto:ann@example.com">x</a>',
        '<a href="tel:+14165550123">x</a>',
        '<a href="#top">x</a>',
        '<a href="/relative">x</a>',
        '<a href="javascript:alert(1)">x</a>',
        '<a name="here">x</a>',
        '<a data-href="https://example.com/">x</a>',
        '<link href="https://example.com/style.css">',
        '<!-- <a href="https://example.com/">x</a> -->',
        '<!--[if mso]><a href="https://example.com/">x</a><![endif]-->',
        '<style>a[href="https://example.com/"]{}</style>',
        '{% raw %}<a href="https://example.com/">{{ x }}</a>{% endraw %}',
        "https://example.com/",
    ],
)
def test_what_is_no_link_to_the_web_stays_as_it_is(link):
    html = rendered(link)
    expected = link.replace("{% raw %}", "").replace("{% endraw %}", "")
    assert html.startswith(expected)
    assert clicks(html) == []


def test_unsubscribing_is_not_tracked():
    source = '<a href="{{ unsubscribe_url }}">x</a>'
    assert marked(source).startswith(source)


def test_loops_between_the_rows_of_a_table_stay_there():
    row = "<tr><td><a href='https://example.com/{{ i }}'>x</a></td></tr>"
    html = rendered(f"<table>{{% for i in (1..2) %}}{row}{{% endfor %}}</table>")
    assert [url for _, url in clicks(html)] == ["https://example.com/1", "https://example.com/2"]
    assert html.count("<tr>") == 2
    assert html.startswith("<table><tr><td><a href='https://t.example.com/c/")


@pytest.mark.parametrize(
    ("source", "before"),
    [("<p>x</p>", "<p>x</p>"), ("<html><body><p>x</p></BODY></html>", "<html><body><p>x</p>")],
)
def test_the_pixel_stands_at_the_end_of_what_is_read(source, before):
    html = rendered(source)
    assert html.startswith(before + '<img src="https://t.example.com/o/')
    token = re.search(r"/o/([^\"]+)[.]gif", html)[1]
    assert LINKS.read_open(token) == REACTION


def test_what_is_only_looked_at_is_not_tracked():
    source = '<p><a href="https://example.com/?a=1&amp;b=2">x</a></p>'
    assert rendered(source, reaction=None) == source


def test_no_contact_can_write_attributes_through_a_link():
    html = rendered('<a href="{{ contact.url }}">x</a>', url='https://x.example/" onclick="alert(1)')
    assert "onclick" not in html


def test_a_link_that_is_too_long_is_left_alone():
    url = "https://example.com/" + "".join(f"{number}x" for number in range(2_000))
    assert f'href="{url}"' in rendered(f'<a href="{url}">x</a>')
