"""What a process is told at its start. Read once, in `main.py`; no other module reads the environment."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, ClassVar, NoReturn, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, ValidationError

from canvass_runtime.addresses import asyncpg_url

_BARE = {
    "database_url": "DATABASE_URL",
    "rabbitmq_url": "RABBITMQ_URL",
    "otlp_endpoint": "OTEL_EXPORTER_OTLP_ENDPOINT",
}
"""What platforms and other tools customarily set without our prefix."""


def _database(url: SecretStr) -> SecretStr:
    return SecretStr(asyncpg_url(url.get_secret_value()))


def _broker(url: SecretStr) -> SecretStr:
    if not url.get_secret_value().startswith(("amqp://", "amqps://")):
        raise ValueError("must begin with amqp:// or amqps://")
    return url


def _content(name: str, environment: Mapping[str, str]) -> str | None:
    """What the file that a variable names holds; None when it names none."""
    if not (file := environment.get(name)):
        return None
    try:
        return Path(file).read_text().strip()
    except (OSError, UnicodeError) as error:
        print(f"{name}: cannot be read: {error}", file=sys.stderr)  # noqa: T201 - logs are not set up yet
        raise SystemExit(2) from None


class ServiceSettings(BaseModel):
    """Settings that every service has; each service adds its own in a subclass.

    `pool_size` is looked up as SEGMENTS_POOL_SIZE, then CANVASS_POOL_SIZE; an empty variable is none. In
    place of a value each may be given a file that holds it, as containers are given secrets:
    SEGMENTS_POOL_SIZE_FILE.
    """

    service: ClassVar[str]
    """Set by the subclass: `segments`."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    database_url: Annotated[SecretStr, AfterValidator(_database)]
    rabbitmq_url: Annotated[SecretStr, AfterValidator(_broker)]
    host: str = "127.0.0.1"
    port: int = Field(ge=0, le=65535)
    log_level: str = Field(default="info", pattern="^(debug|info|warning|error)$")
    keys_dir: Path = Path("keys")
    """Holds `<kid>.public.pem` files and `revoked`, a key's id (jti) a line."""
    clock_can_turn: bool = False
    """Only for demonstrations: lets the domain's present be moved."""
    otlp_endpoint: str | None = None
    """Where traces go, as http://collector:4318. Without it none are made."""
    failpoints: str = ""
    """Only tests: where this process is to die or fail. See `canvass_messaging.failpoints`."""
    pool_size: int = Field(default=10, ge=1, le=100)

    @classmethod
    def load(cls, environment: Mapping[str, str] = os.environ) -> Self:
        """The settings of this process. What is wrong is printed, a line each, before it exits with 2."""
        told = {field: value for field in cls.model_fields if (value := cls._look_up(field, environment))}
        try:
            return cls.model_validate(told)
        except ValidationError as error:
            cls._explain(error)

    @classmethod
    def _look_up(cls, field: str, environment: Mapping[str, str]) -> str | None:
        for name in cls._names(field):
            if value := environment.get(name) or _content(f"{name}_FILE", environment):
                return value
        return None

    @classmethod
    def _names(cls, field: str) -> list[str]:
        names = [f"{cls.service}_{field}".upper(), f"CANVASS_{field}".upper()]
        return [*names, _BARE[field]] if field in _BARE else names

    @classmethod
    def _explain(cls, error: ValidationError) -> NoReturn:
        for problem in error.errors(include_input=False, include_url=False):
            names = " or ".join(cls._names(str(problem["loc"][0])))
            wrong = (
                "is not set" if problem["type"] == "missing" else problem["msg"].removeprefix("Value error, ")
            )
            print(f"{names}: {wrong}", file=sys.stderr)  # noqa: T201 - logs are not set up yet
        raise SystemExit(2)
