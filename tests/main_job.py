"""The shortest way through all five services: somebody looks at prices twice, and gets a welcome by e-mail.

The story of the demo is longer; tests that kill, flood and repeat play this.
"""

from datetime import datetime

import httpx2
from canvass_cli.demo.addresses import Addresses
from canvass_cli.demo.definitions import answer, put
from canvass_cli.demo.people import Person
from canvass_cli.demo.story import BEGUN, ENDED, ENTERED, PAGE, SCORE, SENT, Beat
from canvass_cli.demo.watching import EMAIL
from canvass_runtime.clock import Clock
from segment.analytics import Client as SegmentSdk

SEGMENT = "job-pricing-in-canada"
CAMPAIGN = "job-welcome"
TEMPLATE = "job-welcome"
SENDER = "default"
PATH = "/plans"
"""Not that of the story, which counts its points."""

SEGMENT_DOCUMENT = {
    "name": "Looked at prices twice, from Canada",
    "rules": {
        "match": "all",
        "rules": [
            {"field": "country", "operator": "=", "value": "CA"},
            {"behaviour": "page_viewed", "where": {"path": PATH}, "at_least": 2},
        ],
    },
}
ACTION_DOCUMENT = {"name": "Looked at prices", "on": "page_viewed", "path": PATH, "delta": 10}
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


def define(at: Addresses, smtp_url: str) -> None:
    """Put the sender, the template, the segment, the point action and the campaign, and publish the campaign.

    Raises Refused with the service's answer when one is not taken.
    """
    with httpx2.Client(headers={"Authorization": f"Bearer {at.token}"}, timeout=10) as http:
        sender = {"kind": "smtp", "url": smtp_url, "from": "Canvass <hello@example.com>"}
        put(http, f"{at.channels}/senders/{SENDER}", sender)
        put(http, f"{at.channels}/templates/{TEMPLATE}", TEMPLATE_DOCUMENT)
        put(http, f"{at.segments}/segments/{SEGMENT}", SEGMENT_DOCUMENT)
        put(http, f"{at.points}/actions/job-pricing", ACTION_DOCUMENT)
        put(http, f"{at.campaigns}/campaigns/{CAMPAIGN}", CAMPAIGN_DOCUMENT)
        answer(http.post(f"{at.campaigns}/campaigns/{CAMPAIGN}/publish"))


def beats(person: Person) -> list[Beat]:
    """What comes of a `visit`, each of it once."""
    return [
        Beat("tracking has the page view", PAGE, person, {"message_id": person.user_id}),
        Beat("points: the score rises", SCORE, person, {"score": 20}),
        Beat("segments: the contact enters", ENTERED, person, {"segment": SEGMENT}),
        Beat("campaigns: the journey begins", BEGUN, person, {"campaign": CAMPAIGN}),
        Beat("campaigns wants an e-mail sent", "campaigns.message_wanted.v1", person, {"campaign": CAMPAIGN}),
        Beat("the mail server has it", EMAIL, person),
        Beat("channels says that it is sent", SENT, person, {"campaign": CAMPAIGN}),
        Beat("campaigns: the journey ends", ENDED, person, {"campaign": CAMPAIGN}),
    ]


def visit(at: Addresses, person: Person) -> datetime:
    """What a site does with the official SDK; returns when it says that the decisive page was viewed.

    The message id of that view is her user id.
    """
    sdk = SegmentSdk(at.write_key, host=at.tracking, gzip=True, upload_interval=0.01)
    anonymous = {"anonymous_id": person.anonymous_id}
    plans, viewed_at = {"path": PATH, "title": "Plans"}, Clock().now()
    sdk.page(name="Blog", properties={"path": "/blog", "title": "Blog"}, **anonymous)
    sdk.page(name="Plans", properties=plans, **anonymous)
    sdk.identify(
        person.user_id, {"email": person.email, "country": "CA", "first_name": person.name}, **anonymous
    )
    sdk.flush()
    sdk.page(person.user_id, name="Plans", properties=plans, timestamp=viewed_at, message_id=person.user_id)
    sdk.flush()
    sdk.shutdown()
    return viewed_at
