"""Puts what the story needs where it belongs."""

from dataclasses import dataclass

import httpx2

from canvass_cli.trouble import Trouble

from . import documents as d
from .addresses import Addresses

_ANSWERS_WITHIN_SECONDS = 60.0
"""Long: the machine may have other things to do, and the story tells how long everything took."""


@dataclass(frozen=True, slots=True)
class Outside:
    """Where messages go, and the secret that webhooks to the CRM are signed with."""

    smtp_url: str
    sms_url: str
    crm_url: str
    crm_secret: str


def define(http: httpx2.Client, at: Addresses, outside: Outside) -> None:
    """Put all definitions, over what an earlier run has left, and publish the campaign.

    Raises Refused with the service's answer when one is not taken.
    """
    for url, document in [
        (f"{at.channels}/senders/{d.MAIL_SENDER}", d.MAIL | {"url": outside.smtp_url}),
        (f"{at.channels}/senders/{d.SMS_SENDER}", d.SMS | {"url": outside.sms_url}),
        (f"{at.channels}/destinations/{d.CRM}", _crm(outside)),
        *((f"{at.channels}/templates/{key}", document) for key, document in d.TEMPLATES.items()),
        (f"{at.tracking}/forms/{d.FORM}", d.FORM_DOCUMENT),
        (f"{at.segments}/segments/{d.SEGMENT}", d.SEGMENT_DOCUMENT),
        *((f"{at.points}/actions/{key}", document) for key, document in d.ACTIONS.items()),
        (f"{at.points}/triggers/{d.TRIGGER}", d.TRIGGER_DOCUMENT),
        (f"{at.campaigns}/campaigns/{d.CAMPAIGN}", d.CAMPAIGN_DOCUMENT),
    ]:
        put(http, url, document)
    answer(http.post(f"{at.campaigns}/campaigns/{d.CAMPAIGN}/publish"))


def client(headers: dict[str, str]) -> httpx2.Client:
    """For asking a service; a proxy knows nothing of it."""
    return httpx2.Client(headers=headers, timeout=_ANSWERS_WITHIN_SECONDS, trust_env=False)


class Refused(Trouble):
    """A service has refused what it was asked."""


def put(http: httpx2.Client, url: str, document: d.Document) -> None:
    """Create the thing, or replace it as it stands now. Raises Refused."""
    current = http.get(url)
    match = {"If-None-Match": "*"} if current.status_code == 404 else {"If-Match": current.headers["ETag"]}
    answer(http.put(url, json=document, headers=match))


def answer(given: httpx2.Response) -> httpx2.Response:
    """The answer, if it is a good one. Raises Refused with what it says."""
    if given.is_error:
        raise Refused(f"{given.request.method} {given.url}: {given.status_code} {given.text}")
    return given


def _crm(outside: Outside) -> d.Document:
    return {"kind": "webhook", "url": outside.crm_url, "secret": outside.crm_secret}
