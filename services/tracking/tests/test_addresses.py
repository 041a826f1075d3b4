"""What people write as their address or number, and what is kept of it."""

import pytest
from canvass_tracking.addresses import email_of, is_region, phone_of


@pytest.mark.parametrize(
    ("stated", "email"),
    [
        (" Ada@X.org ", "ada@x.org"),
        ("ada+news@x.org", "ada+news@x.org"),
        ("ada@b\u00fccher.example.com", "ada@b\u00fccher.example.com"),
        ("ada@xn--bcher-kva.example.com", "ada@b\u00fccher.example.com"),
        *(
            (text, None)
            for text in ["", "ada", "@x.org", "ada@", "a@b@c", "a b@x.org", "a@x.org\nBcc: b", 7, None, True]
        ),
        ("<ada@x.org>", None),
        ("Ada <ada@x.org>", None),
        ("ada@x", None),
        ("a" * 65 + "@x.org", None),
        ("a@" + "x" * 253, None),
    ],
)
def test_what_is_an_address(stated, email):
    assert email_of(stated) == email


@pytest.mark.parametrize(
    ("stated", "region", "phone"),
    [
        ("+1 (416) 555-0123", None, "+14165550123"),
        ("+14165550123", "DE", "+14165550123"),
        (14165550123, "CA", "+14165550123"),
        ("416-555-0123", "CA", "+14165550123"),
        ("030 901820", "DE", "+4930901820"),
        ("tel:+1-416-555-0123", None, "+14165550123"),
        ("416-555-0123", None, None),
        ("+1 416 555 0123 ext. 7", None, None),
        ("+1", None, None),
        ("call me", "CA", None),
        ("+1" + "4" * 60, None, None),
        *((odd, "CA", None) for odd in [None, "", True, 4165550123.0, ["+14165550123"]]),
    ],
)
def test_what_is_a_number(stated, region, phone):
    assert phone_of(stated, region) == phone


def test_which_countries_have_numbers():
    assert is_region("CA")
    assert not is_region("XX")
