"""What a marketer would have defined before the story begins, as the services' APIs take it."""

from typing import Any

FORM = "demo-webinar"
SEGMENT = "demo-canada-hot-leads"
CAMPAIGN = "demo-hot-leads"
TRIGGER = "demo-hot-prospect"
CRM = "demo-crm"
MAIL_SENDER, SMS_SENDER = "demo-mail", "demo-sms"
WELCOME, REMINDER, THANKS, CODE = "demo-welcome", "demo-reminder", "demo-thanks", "demo-code"

PRODUCT_URL = "https://shop.example.com/products/x?from=welcome"
HOT_PROSPECT = "Hot Prospect"
THANKS_TEXT = "Thanks for reading!"
CODE_TEXT = "20 % off product X with the code CANVASS20."

Document = dict[str, Any]

MAIL: Document = {"kind": "smtp", "from": "Canvass <hello@example.com>"}
SMS: Document = {"kind": "sms", "account": "ACdemo", "token": "demo", "from": "+14165550100"}


def _field(name: str, kind: str, label: str) -> Document:
    return {"name": name, "type": kind, "label": label, "required": True, "maps_to": name}


def _action(name: str, on: str, where: dict[str, str], delta: int) -> Document:
    rules = [{"field": field, "operator": "=", "value": value} for field, value in where.items()]
    return {"name": name, "on": on, "where": {"match": "all", "rules": rules}, "delta": delta}


FORM_DOCUMENT: Document = {
    "name": "Webinar",
    "fields": [
        _field("email", "email", "E-mail"),
        _field("phone", "phone", "Telephone"),
        _field("first_name", "text", "First name"),
        _field("country", "text", "Country"),
    ],
    "redirect_to": None,
    "message": "See you at the webinar!",
    "confirm": None,
}

SEGMENT_DOCUMENT: Document = {
    "name": "Canada hot leads",
    "rules": {
        "match": "all",
        "rules": [
            {"field": "score", "operator": ">", "value": 50},
            {"field": "country", "operator": "=", "value": "CA"},
        ],
    },
}

ACTIONS: dict[str, Document] = {
    "demo-pricing": _action("Looked at prices", "page_viewed", {"path": "/pricing"}, 10),
    "demo-opened": _action("Opened the welcome", "email_opened", {"template": WELCOME}, 5),
    "demo-webinar": _action("Wants the webinar", "form_submitted", {"form": FORM}, 31),
}

TRIGGER_DOCUMENT: Document = {
    "name": "Hot prospect",
    "at": 100,
    "do": [{"webhook": CRM, "values": {"stage": HOT_PROSPECT}}],
}

TEMPLATES: dict[str, Document] = {
    WELCOME: {
        "name": "Welcome",
        "channel": "email",
        "sender": MAIL_SENDER,
        "subject": "Welcome, {{ contact.first_name }}",
        "text": f"Hello {{{{ contact.first_name }}}},\n\nhave a look at product X: {PRODUCT_URL}\n",
        "html": "<p>Hello {{ contact.first_name }},</p>"
        f'<p>have a look at <a href="{PRODUCT_URL}">product X</a>.</p>',
    },
    REMINDER: {
        "name": "Reminder",
        "channel": "email",
        "sender": MAIL_SENDER,
        "subject": "Still there, {{ contact.first_name }}?",
        "text": "Hello {{ contact.first_name }},\n\nour first letter may have got lost.\n",
        "html": "<p>Hello {{ contact.first_name }},</p><p>our first letter may have got lost.</p>",
    },
    THANKS: {
        "name": "Thanks",
        "channel": "sms",
        "sender": SMS_SENDER,
        "text": THANKS_TEXT,
    },
    CODE: {
        "name": "Code",
        "channel": "sms",
        "sender": SMS_SENDER,
        "text": CODE_TEXT,
    },
}

CAMPAIGN_DOCUMENT: Document = {
    "campaign": CAMPAIGN,
    "name": "Hot leads of Canada",
    "sources": [{"segment": SEGMENT}],
    "steps": {
        "welcome": {"do": "send_email", "template": WELCOME, "class": "marketing", "next": "opened"},
        "opened": {"decide": "opened", "of": "welcome", "within": "P3D", "yes": "thanks", "no": "reminder"},
        "thanks": {"do": "send_sms", "template": THANKS, "class": "marketing", "next": "clicked"},
        "clicked": {
            "decide": "clicked",
            "of": "welcome",
            "url": PRODUCT_URL,
            "within": "P7D",
            "yes": "pause",
            "no": None,
        },
        "pause": {"do": "wait", "for": "PT4H", "next": "code"},
        "code": {"do": "send_sms", "template": CODE, "class": "marketing", "next": None},
        "reminder": {"do": "send_email", "template": REMINDER, "class": "marketing", "next": None},
    },
}
