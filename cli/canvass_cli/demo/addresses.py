"""Where everything is that the story is played on."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self
from urllib.parse import urlsplit, urlunsplit

NAMES = ("tracking", "segments", "campaigns", "points", "channels")


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where the services are, and the keys to them: `.run/canvass.env`."""

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
    def of(cls, environment: Mapping[str, str]) -> Self:
        """From the variables that `canvass up` writes."""
        return cls(
            **{name: environment[f"{name.upper()}_URL"] for name in NAMES},
            token=environment["CANVASS_TOKEN"],
            write_key=environment["CANVASS_WRITE_KEY"],
            rabbitmq=environment["RABBITMQ_URL"],
            smtp=environment.get("DEMO_SMTP_URL"),
            mailpit=environment.get("DEMO_MAILPIT_URL"),
        )

    @property
    def known(self) -> dict[str, str]:
        """As the other commands are told."""
        return {f"{name.upper()}_URL": getattr(self, name) for name in NAMES} | {"CANVASS_TOKEN": self.token}

    def here(self, link: str) -> str:
        """A link of a message as tracking is reached from here: the world may know it by another name."""
        tracking = urlsplit(self.tracking)
        return urlunsplit(urlsplit(link)._replace(scheme=tracking.scheme, netloc=tracking.netloc))
