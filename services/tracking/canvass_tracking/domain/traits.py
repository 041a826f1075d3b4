"""What an event's traits make of a contact's attributes."""

from canvass_tracking.domain.model import Attributes

MAX_ATTRIBUTES = 500
"""More than these are not taken: anyone can send traits with a public key."""

_OWN_COLUMN = "email"
_EMPTY = (None, "")


def filled(attributes: Attributes, traits: Attributes, *, trusted: bool) -> Attributes:
    """The very same mapping when nothing has changed. From a trusted source null takes a value away."""
    news = {name: value for name, value in traits.items() if _is_news(attributes, name, value, trusted)}
    room = max(0, MAX_ATTRIBUTES - len(attributes))
    more = [name for name in news if name not in attributes]
    for name in more[room:]:
        del news[name]
    if not news:
        return attributes
    return {name: value for name, value in {**attributes, **news}.items() if value is not None}


def joined(attributes: Attributes, others: Attributes) -> Attributes:
    """The first, with what only the others have, as far as there is room."""
    missing = [name for name in others if name not in attributes]
    room = max(0, MAX_ATTRIBUTES - len(attributes))
    return {**attributes, **{name: others[name] for name in missing[:room]}}


def _is_news(attributes: Attributes, name: str, value: object, trusted: bool) -> bool:
    known = attributes.get(name)
    if name == _OWN_COLUMN or _same(known, value):
        return False
    return trusted or (known in _EMPTY and value not in _EMPTY)


def _same(known: object, value: object) -> bool:
    return known == value and type(known) is type(value)  # to Python, True == 1
