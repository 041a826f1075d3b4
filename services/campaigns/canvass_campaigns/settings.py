"""What a process of campaigns is told at its start."""

from pathlib import Path
from typing import ClassVar

from canvass_runtime.settings import ServiceSettings
from pydantic import Field


class Settings(ServiceSettings):
    """CAMPAIGNS_PORT and so on."""

    service: ClassVar[str] = "campaigns"

    port: int = Field(default=8103, ge=0, le=65535)
    signing_key: Path | None = None
    """`<kid>.private.pem`, whose public half lies in `keys_dir`: signs the tokens of people who log in.
    Without it nobody can."""
    console_url: str = "http://127.0.0.1:8100"
    """Where people find the console. With https, their cookie goes over nothing else."""
