"""What a process of channels is told at its start."""

from ipaddress import IPv4Network, IPv6Network
from typing import Annotated, ClassVar, Self, TypeAlias

from canvass_runtime.links import LinkSecret
from canvass_runtime.settings import ServiceSettings
from pydantic import BeforeValidator, Field, model_validator

Network: TypeAlias = IPv4Network | IPv6Network


def _divided(told: object) -> object:
    return tuple(part.strip() for part in told.split(",")) if isinstance(told, str) else told


class Settings(ServiceSettings):
    """Those that every service has, and how long a delivery may take."""

    service: ClassVar[str] = "channels"

    port: int = Field(default=8105, ge=0, le=65535)
    public_url: str = Field(default="http://127.0.0.1:8105", pattern="^https?://[^/?#]+$")
    """Where the world reaches this service: unsubscribe links lead there."""
    tracking_url: str = Field(default="http://127.0.0.1:8101", pattern="^https?://[^/?#]+$")
    """Where the world reaches tracking: what is opened and clicked leads there."""
    link_secret: LinkSecret
    """What the links of messages are signed with; tracking has the same one: CANVASS_LINK_SECRET."""
    answer_seconds: float = Field(default=60, gt=0)
    """How long a mail server may take over one message, from its first command to its last answer."""
    claim_seconds: float = Field(default=60, gt=0)
    """How long a delivery stays with the process that claimed it; then another may."""
    attempt_seconds: float = Field(default=120, gt=0)
    """How long after its beginning an attempt of which nothing is heard counts as in doubt."""

    call_seconds: float = Field(default=15, gt=0)
    """How long the receiver of a webhook or a provider of SMS may take over its answer."""
    allow_private_addresses: Annotated[tuple[Network, ...], BeforeValidator(_divided)] = ()
    """Networks that may be called although they are not public, divided by commas: `10.1.0.0/16`."""

    @model_validator(mode="after")
    def _an_attempt_outlasts_its_answer(self) -> Self:
        if self.attempt_seconds <= max(self.answer_seconds, self.call_seconds):
            raise ValueError("attempt_seconds must be longer than answer_seconds and call_seconds")
        return self
