"""What a process of campaigns is told at its start."""

from typing import ClassVar

from canvass_runtime.settings import ServiceSettings
from pydantic import Field


class Settings(ServiceSettings):
    """Those that every service has."""

    service: ClassVar[str] = "campaigns"

    port: int = Field(default=8103, ge=0, le=65535)
