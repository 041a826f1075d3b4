"""What a process is told at its start. Read once, in `main.py`; no other module reads the environment."""

import sys
from pathlib import Path
from typing import Annotated, ClassVar, NoReturn, Self

from pydantic import AfterValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, EnvSettingsSource, PydanticBaseSettingsSource, SettingsConfigDict

from canvass_runtime.addresses import asyncpg_url

BARE = {"database_url", "rabbitmq_url"}
"""Platforms set these without a prefix."""


def _database(url: SecretStr) -> SecretStr:
    return SecretStr(asyncpg_url(url.get_secret_value()))


def _broker(url: SecretStr) -> SecretStr:
    if not url.get_secret_value().startswith(("amqp://", "amqps://")):
        raise ValueError("must begin with amqp:// or amqps://")
    return url


class ServiceSettings(BaseSettings):
    """Settings that every service has. Each is looked up as SEGMENTS_<NAME>, then CANVASS_<NAME>."""

    service: ClassVar[str]
    """Set by the subclass: `segments`."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    database_url: Annotated[SecretStr, AfterValidator(_database)]
    rabbitmq_url: Annotated[SecretStr, AfterValidator(_broker)]
    host: str = "127.0.0.1"
    port: int = Field(ge=0, le=65535)
    log_level: str = Field(default="info", pattern="^(debug|info|warning|error)$")
    keys_dir: Path = Path("keys")
    """Holds `<kid>.public.pem` files and `revoked`, a key's id (jti) a line."""
    clock_can_turn: bool = False
    """Only demonstrations: lets the domain's present be moved."""
    otlp_endpoint: str | None = None
    """Where traces go, as http://collector:4318. Without it none are made."""
    pool_size: int = Field(default=10, ge=1, le=100)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - replaced by ours
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments, then SEGMENTS_*, then CANVASS_*, then bare DATABASE_URL and RABBITMQ_URL."""
        prefixes = [f"{cls.service.upper()}_", "CANVASS_"]
        return (
            init_settings,
            *(_Environment(settings_cls, env_prefix=prefix) for prefix in prefixes),
            _Bare(settings_cls),
        )

    @classmethod
    def load(cls) -> Self:
        """The settings of this process. What is wrong is printed, a line each, before it exits with 2."""
        try:
            return cls()  # pyright: ignore[reportCallIssue] - the fields come from the environment
        except ValidationError as error:
            _explain(cls, error)


class _Environment(EnvSettingsSource):
    """Variables under one prefix."""


class _Bare(EnvSettingsSource):
    """Variables without a prefix, of the few settings that have such a customary name."""

    def __init__(self, settings_cls: type[BaseSettings]) -> None:
        super().__init__(settings_cls, env_prefix="")
        self.env_vars = {name: value for name, value in self.env_vars.items() if name in BARE}


def _explain(settings: type[ServiceSettings], error: ValidationError) -> NoReturn:
    for problem in error.errors(include_input=False, include_url=False):
        field = ".".join(str(part) for part in problem["loc"])
        names = [f"{settings.service}_{field}".upper(), f"CANVASS_{field}".upper()]
        names += [field.upper()] if field in BARE else []
        said = "is not set" if problem["type"] == "missing" else problem["msg"].removeprefix("Value error, ")
        print(f"{' or '.join(names)}: {said}", file=sys.stderr)  # noqa: T201 - logs are not set up yet
    raise SystemExit(2)
