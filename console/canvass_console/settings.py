"""What the console is told at its start."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError

SERVICES = ("tracking", "segments", "points", "campaigns", "channels")

BUILT = Path(__file__).parent / "dist"
"""Where `npm run build` leaves the browser's application."""


class Settings(BaseModel):
    """CONSOLE_PORT and so on; where the services are, as `.run/canvass.env` has it: TRACKING_URL, ..."""

    model_config = ConfigDict(frozen=True)

    host: str = "127.0.0.1"
    port: int = Field(default=8100, ge=0, le=65535)
    dist: Path = BUILT
    services: dict[str, str]
    """By name: `http://127.0.0.1:8101`."""
    tracking_public_url: str
    """Where browsers of visitors find tracking: shown in snippets and forms."""

    @classmethod
    def load(cls, environment: Mapping[str, str] = os.environ) -> Self:
        """The settings of this process. What is wrong is printed, a line each, before it exits with 2."""
        told = {
            name: environment[f"CONSOLE_{name}".upper()]
            for name in ("host", "port", "dist")
            if environment.get(f"CONSOLE_{name}".upper())
        }
        services = {name: environment.get(f"{name}_URL".upper(), "") for name in SERVICES}
        if missing := [name for name, url in services.items() if not url.startswith(("http://", "https://"))]:
            cls._explain([f"{name}_URL".upper() + ": is not set to an http(s) address" for name in missing])
        public = environment.get("TRACKING_PUBLIC_URL") or services["tracking"]
        try:
            return cls.model_validate({**told, "services": services, "tracking_public_url": public})
        except ValidationError as error:
            cls._explain([f"CONSOLE_{one['loc'][0]}: {one['msg']}" for one in error.errors()])
            raise

    @staticmethod
    def _explain(problems: list[str]) -> None:
        for problem in problems:
            print(problem, file=sys.stderr)  # noqa: T201 - logs are not set up yet
        raise SystemExit(2)
