import pytest
from canvass_channels.senders.rendering import Mistaken, Unrenderable, compile_template

BOMB = "(1..100000000)"


def render(text, html=None, **contact):
    return compile_template("subject", text, html).render({"contact": contact})


def test_a_template_speaks_of_the_contact():
    content = render(
        "Hello {{ contact.name | upcase }}{% if contact.vip %}!{% endif %}", name="Ann", vip=True
    )
    assert (content.subject, content.text, content.html) == ("subject", "Hello ANN!", None)


def test_what_is_not_known_is_left_out():
    assert render("Hello {{ contact.nickname }}.").text == "Hello ."
    assert render("Hello {{ contact.nickname | default: 'you' }}.").text == "Hello you."


def test_html_is_escaped_and_text_is_not():
    content = render("{{ contact.name }}", "<p>{{ contact.name }}</p>", name="<b>&")
    assert (content.text, content.html) == ("<b>&", "<p>&lt;b&gt;&amp;</p>")


def test_python_cannot_be_reached():
    assert render("{{ contact.name.__class__ }}{{ contact.__init__ }}", name="Ann").text == ""


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("Hello\n{{ contact.name", "line 2"),
        ("{% if x %}", "at the end"),
        ("{% dance %}", "dance"),
        ("a\nb\n{{ contact.name | frobnicate }}", "line 3: there is no filter 'frobnicate'"),
        ("{% for x in contact.list %}{{ x | frobnicate }}{% endfor %}", "no filter 'frobnicate'"),
        ("{% include 'secret' %}", "include"),
        ("{% render 'secret' %}", "render"),
        (f"{{{{ {BOMB} | join }}}}", "10000 numbers"),
        (f"{{% assign x = {BOMB} | join %}}", "10000 numbers"),
        (f"{{% for i in {BOMB} %}}x{{% endfor %}}", "10000 numbers"),
        (f"{{{{ 'a' | append: {BOMB} }}}}", "10000 numbers"),
        (f"{{% if {BOMB} contains 3 %}}{{% endif %}}", "10000 numbers"),
        (f"{{% unless {BOMB} == 3 %}}{{% endunless %}}", "10000 numbers"),
        (f"{{% case {BOMB} %}}{{% when 1 %}}{{% endcase %}}", "10000 numbers"),
        (f"{{% case 1 %}}{{% when {BOMB} %}}{{% endcase %}}", "10000 numbers"),
        (f"{{% echo {BOMB} | join %}}", "10000 numbers"),
        (f"{{% cycle {BOMB}, 2 %}}", "10000 numbers"),
        (f"{{% tablerow i in {BOMB} %}}x{{% endtablerow %}}", "10000 numbers"),
        (f"{{% liquid\nassign x = {BOMB} | join\n%}}", "10000 numbers"),
        (f"{{% if true %}}{{% capture x %}}{{{{ {BOMB} | join }}}}{{% endcapture %}}{{% endif %}}", "10000"),
        ("{{ (1..contact.many) | join }}", "between two numbers"),
        ("{{ contact[(1..100000000)] }}", "line 1"),
    ],
)
def test_a_mistake_is_found_when_the_template_is_saved(source, says):
    for field in ("subject", "text", "html"):
        with pytest.raises(Mistaken) as mistaken:
            compile_template(**{"subject": "", "text": "", "html": None} | {field: source})
        assert set(mistaken.value.fields) == {field}
        assert says in mistaken.value.fields[field]


@pytest.mark.parametrize(
    ("source", "says"),
    [
        pytest.param("{% if " + "(" * 20_000 + "a" + ")" * 20_000 + " %}{% endif %}", "longer", id="deep"),
        pytest.param("{{ a" + ".b" * 90_000 + " }}", "longer", id="long"),
        pytest.param("{{a}}" * 40_000, "40000 tags", id="many"),
    ],
)
def test_a_template_that_would_take_long_to_read_is_refused_unread(source, says):
    with pytest.raises(Mistaken) as mistaken:
        compile_template("", source, None)
    assert says in mistaken.value.fields["text"]


def loop(of, inside):
    return f"{{% for i in {of} %}}{inside}{{% endfor %}}"


@pytest.mark.parametrize(
    "source",
    [
        pytest.param(loop("(1..10000)", loop("(1..10000)", "x")), id="a loop in a loop"),
        pytest.param(loop("contact.list", loop("contact.list", "x")), id="a list in a list"),
        pytest.param(loop("(1..10000)", "a" * 200), id="a long text"),
        pytest.param(
            "{% assign x = 'a' %}" + loop("(1..100)", "{% assign x = x | append: x %}"),
            id="a text that doubles",
        ),
        pytest.param(
            "{% assign l = contact.long | split: '' %}"
            + loop("(1..30)", "{% assign l = l | concat: l %}")
            + "{{ l | join }}",
            id="a list that doubles",
        ),
        pytest.param("{{ contact.long | replace: 'a', contact.long }}", id="each letter by all of them"),
        pytest.param("{{ contact.long | split: '' | join: contact.long }}", id="all of them between all"),
        pytest.param("{{ 1 | divided_by: 0 }}", id="by zero"),
        pytest.param("{{ '1e999' | ceil }}", id="infinity"),
    ],
)
def test_a_template_that_would_grow_without_end_is_stopped(source):
    with pytest.raises(Unrenderable):
        render(source, list=list(range(1000)), long="a" * 20_000)
