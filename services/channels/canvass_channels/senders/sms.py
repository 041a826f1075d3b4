"""SMS by providers that speak as Twilio does."""

from base64 import b64encode
from dataclasses import dataclass, field
from urllib.parse import quote, urlencode

from pydantic_core import from_json

from canvass_channels.domain.model import Answer

from .calls import Call, words
from .headers import Unsendable

LONGEST = 1_600
"""Characters that Twilio takes; it divides them into segments."""


@dataclass(frozen=True, slots=True)
class Account:
    """At a provider."""

    url: str
    sid: str
    token: str = field(repr=False)
    sends_from: str


def text_message(account: Account, to: str, text: str) -> Call:
    """One SMS. Raises Unsendable."""
    text = text.strip().replace("\x00", "")
    if not text:
        raise Unsendable("The text of the SMS is empty")
    if len(text) > LONGEST:
        raise Unsendable(f"The SMS has {len(text)} characters: at most {LONGEST} are taken")
    credentials = b64encode(f"{account.sid}:{account.token}".encode()).decode()
    return Call(
        url=f"{account.url.rstrip('/')}/2010-04-01/Accounts/{quote(account.sid, safe='')}/Messages.json",
        headers={
            "Authorization": f"Basic {credentials}",
            "Content-Type": "application/x-www-form-urlencoded",
            "Accept": "application/json",
        },
        body=urlencode({"To": to, "From": account.sends_from, "Body": text}).encode(),
        stage="provider",
        read=_read,
    )


def _read(status: int, body: bytes) -> Answer:
    """The message's `sid`, or Twilio's own code and message."""
    try:
        told = from_json(body)
    except ValueError:
        told = None
    if not isinstance(told, dict):
        return Answer("provider", status, words(body[:300].decode("utf-8", "replace")))
    if status // 100 == 2:
        return Answer("provider", status, provider_id=str(told.get("sid") or "")[:200] or None)
    code, message = told.get("code"), told.get("message")
    said = ": ".join(str(part) for part in (code, message) if part)
    return Answer("provider", status, words(said))
