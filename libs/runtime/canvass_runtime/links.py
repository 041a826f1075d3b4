"""Signed links that say what following them means: `channels` makes them, it and `tracking` read them."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Self
from uuid import UUID

from itsdangerous import BadData, URLSafeSerializer
from pydantic import AfterValidator, SecretStr

LONGEST = 4096
"""Characters of a token. Some mail programs and proxies cut longer addresses."""
SHORTEST_SECRET = 16


class Forged(ValueError):
    """A token that we never made, or not for this purpose, or that was cut on its way."""


@dataclass(frozen=True, slots=True)
class Reaction:
    """Which delivery somebody reacts to, and where it came from."""

    effect_id: UUID
    contact_id: UUID
    channel: str
    template: str
    campaign: str | None = None
    journey_id: UUID | None = None
    step: str | None = None


@dataclass(frozen=True, slots=True)
class Unsubscription:
    """Who wants no more by which channel, and the delivery that made them say so."""

    contact_id: UUID
    channel: str
    effect_id: UUID


class Links:
    """Makes and reads tokens. The first secret signs; all are recognised, so that they can be rotated.

    A token says in the clear whom and what it is about: it cannot be changed, but it can be read.
    """

    def __init__(self, secrets: Sequence[str]) -> None:
        self._open, self._click, self._unsubscribe = (
            _serializer(secrets, purpose) for purpose in ("open", "click", "unsubscribe")
        )

    @classmethod
    def of(cls, setting: SecretStr) -> Self:
        """From a `LinkSecret`."""
        return cls(_secrets(setting))

    def open_token(self, reaction: Reaction) -> str:
        """For the pixel of a message."""
        return self._open.dumps(_packed(reaction))

    def click_token(self, reaction: Reaction, url: str) -> str:
        """For a link of a message that leads to `url`. Raises ValueError when it would be too long."""
        token = self._click.dumps([*_packed(reaction), url])
        if len(token) > LONGEST:
            raise ValueError(f"a link of {len(url)} characters is too long to be tracked")
        return token

    def unsubscribe_token(self, contact_id: UUID, channel: str, effect_id: UUID) -> str:
        """For the unsubscribe link of a message."""
        return self._unsubscribe.dumps([contact_id.hex, channel, effect_id.hex])

    def read_open(self, token: str) -> Reaction:
        """What was opened. Raises Forged."""
        return _unpacked(_read(self._open, token, 7))

    def read_click(self, token: str) -> tuple[Reaction, str]:
        """What was clicked, and the address to go to. Raises Forged."""
        *packed, url = _read(self._click, token, 8)
        return _unpacked(packed), url

    def read_unsubscribe(self, token: str) -> Unsubscription:
        """Who unsubscribes from what. Raises Forged."""
        contact_id, channel, effect_id = _read(self._unsubscribe, token, 3)
        return Unsubscription(UUID(contact_id), channel, UUID(effect_id))


def _serializer(secrets: Sequence[str], purpose: str) -> URLSafeSerializer:
    if not secrets:
        raise ValueError("links need a secret")
    return URLSafeSerializer(
        list(reversed(secrets)),  # the last one signs
        salt=f"canvass.{purpose}",
        signer_kwargs={"key_derivation": "hmac", "digest_method": hashlib.sha256},
    )


def _read(serializer: URLSafeSerializer, token: str, length: int) -> list[Any]:
    """What we have signed; of what is inside, only the length can have changed since."""
    if len(token) > LONGEST:
        raise Forged("this link is too long to be one of ours")
    try:
        content: Any = serializer.loads(token)
    except (BadData, ValueError) as error:
        raise Forged("this link was not made here, or has been cut") from error
    if len(content) != length:
        raise Forged("this link is of another version")
    return content


def _packed(reaction: Reaction) -> list[str | None]:
    journey = reaction.journey_id.hex if reaction.journey_id else None
    ids = [reaction.effect_id.hex, reaction.contact_id.hex]
    return [*ids, reaction.channel, reaction.template, reaction.campaign, journey, reaction.step]


def _unpacked(packed: Sequence[Any]) -> Reaction:
    effect, contact, channel, template, campaign, journey, step = packed
    journey_id = UUID(journey) if journey else None
    return Reaction(UUID(effect), UUID(contact), channel, template, campaign, journey_id, step)


def _secrets(setting: SecretStr) -> list[str]:
    return [secret.strip() for secret in setting.get_secret_value().split(",") if secret.strip()]


def _checked(setting: SecretStr) -> SecretStr:
    secrets = _secrets(setting)
    if not secrets or any(len(secret) < SHORTEST_SECRET for secret in secrets):
        raise ValueError(f"must be secrets of at least {SHORTEST_SECRET} characters, divided by commas")
    return setting


LinkSecret = Annotated[SecretStr, AfterValidator(_checked)]
"""A setting: secrets divided by commas, of which the first signs."""
