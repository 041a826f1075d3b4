"""What a process of tracking is told at its start."""

from typing import ClassVar

from canvass_runtime.links import LinkSecret
from canvass_runtime.settings import ServiceSettings
from pydantic import Field


class Settings(ServiceSettings):
    """TRACKING_PORT and so on."""

    service: ClassVar[str] = "tracking"

    port: int = Field(default=8101, ge=0, le=65535)
    public_url: str = Field(default="http://127.0.0.1:8101", pattern="^https?://[^/?#]+$")
    """Where the world reaches this service."""
    link_secret: LinkSecret
    """The one of channels, which signs the links that arrive here: CANVASS_LINK_SECRET."""
    max_request_bytes: int = Field(default=500 * 1024, ge=1024, le=8 * 1024 * 1024)
    """Of a body, as it comes and unpacked. RudderStack's SDKs may send 4 MB; Segment's keep to this."""

    @property
    def stated_url(self) -> str | None:
        """`public_url` if anybody has stated it. If nobody has, browsers are told whatever they called us."""
        return self.public_url if "public_url" in self.model_fields_set else None
