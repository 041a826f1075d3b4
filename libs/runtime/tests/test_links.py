"""Links that carry what following them means."""

from typing import Any
from uuid import uuid4

import pytest
from canvass_runtime.links import LONGEST, Forged, Links, LinkSecret, Reaction, Unsubscription
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr, TypeAdapter, ValidationError

OURS, OLDER, THEIRS = (character * 24 for character in "abc")
LINKS = Links([OURS])
REACTION = Reaction(uuid4(), uuid4(), "email", "welcome", "demo", uuid4(), "welcome")
URL = "https://example.com/product-x?a=1"

words = st.text(min_size=1, max_size=40)
reactions = st.builds(
    Reaction,
    st.uuids(),
    st.uuids(),
    st.sampled_from(["email", "sms"]),
    words,
    st.none() | words,
    st.none() | st.uuids(),
    st.none() | words,
)


def tokens() -> dict[str, str]:
    return {
        "open": LINKS.open_token(REACTION),
        "click": LINKS.click_token(REACTION, URL),
        "unsubscribe": LINKS.unsubscribe_token(uuid4(), "email", uuid4()),
    }


def read(links: Links, purpose: str, token: str) -> Any:
    return getattr(links, f"read_{purpose}")(token)


@given(reactions)
def test_an_open_says_what_was_opened(reaction):
    assert LINKS.read_open(LINKS.open_token(reaction)) == reaction


@given(reactions, st.text(max_size=500))
def test_a_click_says_what_was_clicked_and_where_it_leads(reaction, url):
    assert LINKS.read_click(LINKS.click_token(reaction, url)) == (reaction, url)


@given(st.uuids(), words, st.uuids())
def test_an_unsubscribe_link_says_who_wants_no_more_of_what(contact_id, channel, effect_id):
    token = LINKS.unsubscribe_token(contact_id, channel, effect_id)
    assert LINKS.read_unsubscribe(token) == Unsubscription(contact_id, channel, effect_id)


def test_a_token_goes_into_an_address_as_it_is():
    wanted = set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.")
    assert all(set(token) <= wanted for token in tokens().values())


@pytest.mark.parametrize("made_for", ["open", "click", "unsubscribe"])
@pytest.mark.parametrize("read_as", ["open", "click", "unsubscribe"])
def test_a_token_is_good_for_one_purpose_alone(made_for, read_as):
    if made_for == read_as:
        assert read(LINKS, read_as, tokens()[made_for])
    else:
        with pytest.raises(Forged):
            read(LINKS, read_as, tokens()[made_for])


@pytest.mark.parametrize("purpose", ["open", "click", "unsubscribe"])
def test_who_has_another_secret_makes_no_token_of_ours(purpose):
    with pytest.raises(Forged):
        read(Links([THEIRS]), purpose, tokens()[purpose])


@given(st.data())
def test_a_token_that_was_cut_or_changed_is_refused(data):
    token = tokens()["click"]
    at = data.draw(st.integers(0, len(token) - 1))
    other = data.draw(st.sampled_from([c for c in "AZaz09-_.é" if c != token[at]]))
    for forged in (token[:at], token[:at] + other + token[at + 1 :]):
        if not _same_bytes(forged, token):
            with pytest.raises(Forged):
                LINKS.read_click(forged)


@given(st.text(max_size=200))
def test_whatever_comes_is_refused_and_breaks_nothing(token):
    for purpose in ("open", "click", "unsubscribe"):
        with pytest.raises(Forged):
            read(LINKS, purpose, token)


def test_what_is_too_long_is_refused_unread_and_never_made():
    with pytest.raises(Forged, match="too long"):
        LINKS.read_open("a" * (LONGEST + 1))
    noise = "".join(uuid4().hex for _ in range(200))
    with pytest.raises(ValueError, match="too long to be tracked"):
        LINKS.click_token(REACTION, f"https://example.com/{noise}")


def test_a_secret_is_rotated_without_breaking_links_that_are_out_there():
    sent = Links([OLDER]).click_token(REACTION, URL)
    rotated = Links([OURS, OLDER])
    assert rotated.read_click(sent) == (REACTION, URL)
    assert LINKS.read_click(rotated.click_token(REACTION, URL)) == (REACTION, URL)
    with pytest.raises(Forged):
        LINKS.read_click(sent)


def test_the_setting_holds_secrets_of_which_the_first_signs():
    setting = TypeAdapter(LinkSecret).validate_python(f"{OURS}, {OLDER}")
    assert LINKS.read_open(Links.of(setting).open_token(REACTION)) == REACTION
    assert Links.of(setting).read_open(Links([OLDER]).open_token(REACTION)) == REACTION


@pytest.mark.parametrize("setting", ["", ",", "short", f"{OURS},short"])
def test_a_setting_that_anybody_could_guess_is_refused(setting):
    with pytest.raises(ValidationError, match="at least 16 characters"):
        TypeAdapter(LinkSecret).validate_python(SecretStr(setting))


def test_no_secret_at_all_is_refused():
    with pytest.raises(ValueError, match="need a secret"):
        Links([])


def test_a_token_of_another_shape_is_refused_though_we_have_signed_it():
    with pytest.raises(Forged, match="another version"):
        LINKS.read_open(LINKS._open.dumps(["more", "or", "less"]))


def _same_bytes(forged: str, token: str) -> bool:
    """The last character of base64 carries bits that mean nothing."""
    return forged[:-1] == token[:-1] and len(forged) == len(token)
