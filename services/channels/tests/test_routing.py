from datetime import UTC, datetime
from uuid import UUID

import pytest
from canvass_channels.domain.model import Cause, Wanted
from canvass_channels.domain.routing import DestinationKnown, Route, TemplateKnown, choose_sender, route

NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)
CAUSE = Cause(UUID(int=1), UUID(int=1), 0, None)
EMAIL, SMS = TemplateKnown(1, "email", None), TemplateKnown(1, "sms", None)
CRM, TEAM = DestinationKnown(1, "webhook", None), DestinationKnown(1, "notify", None)


def wanted(template=None, destination=None):
    return Wanted("campaigns", NOON, CAUSE, template, destination)


@pytest.mark.parametrize(
    ("kind", "named", "senders", "way"),
    [
        ("smtp", None, {}, Route()),
        ("smtp", None, {"mail": "smtp"}, Route("mail")),
        ("smtp", None, {"mail": "smtp", "default": "smtp"}, Route("default")),
        ("sms", None, {"default": "smtp", "texts": "sms"}, Route("texts")),
        ("sms", None, {"default": "smtp"}, Route()),
        ("smtp", "news", {"default": "smtp", "news": "smtp"}, Route("news")),
        ("smtp", "news", {"default": "smtp"}, Route(missing="no sender: PUT /senders/news")),
        ("smtp", "texts", {"texts": "sms"}, Route(wrong="the sender 'texts' is of kind sms, not smtp")),
        (
            "smtp",
            None,
            {"a": "smtp", "b": "smtp"},
            Route(missing="which sender: name a or b in the template"),
        ),
    ],
)
def test_which_sender_is_taken(kind, named, senders, way):
    assert choose_sender(kind, named, senders) == way


@pytest.mark.parametrize(
    ("channel", "message", "template", "destination", "says"),
    [
        ("pigeon", wanted(), None, None, "no channel 'pigeon'"),
        ("email", wanted(), None, None, "needs a template"),
        ("email", wanted("t"), None, None, "no template: PUT /templates/t"),
        ("email", wanted("t"), SMS, None, "is for sms, not for email"),
        ("sms", wanted("t"), EMAIL, None, "is for email, not for sms"),
        ("webhook", wanted(), None, None, "needs a destination"),
        ("webhook", wanted(None, "d"), None, None, "no destination: PUT /destinations/d"),
        ("webhook", wanted(None, "d"), None, TEAM, "of kind notify, not webhook"),
        ("webhook", wanted(None, "d"), None, DestinationKnown(1, "webhook", "gone"), "disabled: gone"),
        ("notify", wanted(None, "d"), None, CRM, "of kind webhook, not notify"),
        ("notify", wanted("t", "d"), None, TEAM, "no template"),
    ],
)
def test_why_there_is_no_way(channel, message, template, destination, says):
    way = route(channel, message, template, destination, {})
    assert says in way.wrong + way.missing


@pytest.mark.parametrize(
    ("channel", "message", "template", "destination", "sender"),
    [
        ("email", wanted("t"), EMAIL, None, "mail"),
        ("sms", wanted("t"), SMS, None, None),
        ("webhook", wanted("t", "d"), None, CRM, None),
        ("notify", wanted(None, "d"), None, TEAM, "mail"),
        ("notify", wanted("t", "d"), EMAIL, TEAM, "mail"),
    ],
)
def test_the_way_out(channel, message, template, destination, sender):
    assert route(channel, message, template, destination, {"mail": "smtp"}) == Route(sender)
