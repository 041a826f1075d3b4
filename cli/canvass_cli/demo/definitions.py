"""What a marketer would have defined before the story begins."""

from dataclasses import dataclass, field
from typing import Any

import httpx2

SEGMENT = "demo-pricing-in-canada"
CAMPAIGN = "demo-welcome"
TEMPLATE = "demo-welcome"
SENDER = "default"

SEGMENT_DOCUMENT = {
    "name": "Looked at prices twice, from Canada",
    "rules": {
        "match": "all",
        "rules": [
            {"field": "country", "operator": "=", "value": "CA"},
            {"behaviour": "page_viewed", "where": {"path": "/pricing"}, "at_least": 2},
        ],
    },
}
ACTION_DOCUMENT = {"name": "Looked at prices", "on": "page_viewed", "path": "/pricing", "delta": 10}
TEMPLATE_DOCUMENT = {
    "name": "Welcome",
    "subject": "Welcome, {{ contact.first_name }}",
    "text": "Hello {{ contact.first_name }},\n\nthanks for looking at our prices.\n",
    "html": "<p>Hello {{ contact.first_name }},</p><p>thanks for looking at our prices.</p>",
}
CAMPAIGN_DOCUMENT = {
    "campaign": CAMPAIGN,
    "name": "Welcome",
    "sources": [{"segment": SEGMENT}],
    "steps": {"welcome": {"do": "send_email", "template": TEMPLATE, "class": "marketing", "next": None}},
}


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where the services are, and the key to them: `.run/canvass.env`."""

    tracking: str
    segments: str
    campaigns: str
    points: str
    channels: str
    token: str = field(repr=False)
    write_key: str = field(repr=False)
    rabbitmq: str = field(repr=False)
    smtp: str | None = None
    """A mail server to use in place of one of our own, as smtp://host:port: DEMO_SMTP_URL."""
    mailpit: str | None = None
    """The HTTP API of that same server, which is a Mailpit: DEMO_MAILPIT_URL."""

    @classmethod
    def of(cls, environment: dict[str, str]) -> "Addresses":
        """From the variables that `canvass up` writes."""
        services = ("TRACKING", "SEGMENTS", "CAMPAIGNS", "POINTS", "CHANNELS")
        urls = [environment[f"{name}_URL"] for name in services]
        return cls(
            *urls,
            token=environment["CANVASS_TOKEN"],
            write_key=environment["CANVASS_WRITE_KEY"],
            rabbitmq=environment["RABBITMQ_URL"],
            smtp=environment.get("DEMO_SMTP_URL"),
            mailpit=environment.get("DEMO_MAILPIT_URL"),
        )


def define(at: Addresses, smtp_url: str) -> None:
    """Put the sender, the template, the segment, the point action and the campaign, and publish the campaign.

    Raises httpx2.HTTPStatusError with the service's answer when one is refused.
    """
    with httpx2.Client(headers={"Authorization": f"Bearer {at.token}"}, timeout=10) as http:
        sender = {"kind": "smtp", "url": smtp_url, "from": "Canvass <hello@example.com>"}
        put(http, f"{at.channels}/senders/{SENDER}", sender)
        put(http, f"{at.channels}/templates/{TEMPLATE}", TEMPLATE_DOCUMENT)
        put(http, f"{at.segments}/segments/{SEGMENT}", SEGMENT_DOCUMENT)
        put(http, f"{at.points}/actions/demo-pricing", ACTION_DOCUMENT)
        put(http, f"{at.campaigns}/campaigns/{CAMPAIGN}", CAMPAIGN_DOCUMENT)
        http.post(f"{at.campaigns}/campaigns/{CAMPAIGN}/publish").raise_for_status()


def put(http: httpx2.Client, url: str, document: dict[str, Any]) -> None:
    """Create the thing, or replace it as it stands now."""
    current = http.get(url)
    match = {"If-None-Match": "*"} if current.status_code == 404 else {"If-Match": current.headers["ETag"]}
    answer = http.put(url, json=document, headers=match)
    if answer.is_error:
        raise RuntimeError(f"PUT {url} was refused: {answer.status_code} {answer.text}")
