"""What a process is told at its start."""

from pathlib import Path
from typing import ClassVar

import pytest
from canvass_runtime.addresses import asyncpg_url, libpq_url
from canvass_runtime.settings import ServiceSettings

SECRET = "hunter2"
ENOUGH = {
    "DATABASE_URL": f"postgresql://canvass:{SECRET}@localhost:5432/canvass",
    "CANVASS_RABBITMQ_URL": f"amqp://canvass:{SECRET}@localhost/",
}


class Settings(ServiceSettings):
    service: ClassVar[str] = "segments"
    port: int = 8002
    chunk: int = 10_000


def test_a_service_is_told_by_its_own_name_first_then_by_canvass_then_bare():
    told = Settings.load(
        ENOUGH | {"SEGMENTS_PORT": "9", "CANVASS_PORT": "8", "CANVASS_CHUNK": "7", "CANVASS_KEYS_DIR": "/k"}
    )
    assert (told.port, told.chunk, told.keys_dir, told.pool_size) == (9, 7, Path("/k"), 10)
    assert (
        told.database_url.get_secret_value()
        == f"postgresql+asyncpg://canvass:{SECRET}@localhost:5432/canvass"
    )


def test_an_empty_variable_is_as_good_as_none():
    assert Settings.load(ENOUGH | {"SEGMENTS_OTLP_ENDPOINT": ""}).otlp_endpoint is None


def test_a_value_may_lie_in_a_file_and_one_that_is_said_outright_comes_before_it(tmp_path):
    file = tmp_path / "rabbitmq_url"
    file.write_text(f"amqp://canvass:{SECRET}@elsewhere/\n")
    told = {"DATABASE_URL": ENOUGH["DATABASE_URL"], "CANVASS_RABBITMQ_URL_FILE": str(file)}
    assert Settings.load(told).rabbitmq_url.get_secret_value() == f"amqp://canvass:{SECRET}@elsewhere/"
    assert Settings.load(ENOUGH | told).rabbitmq_url.get_secret_value() == ENOUGH["CANVASS_RABBITMQ_URL"]


def test_a_file_that_cannot_be_read_is_named(tmp_path, capsys):
    with pytest.raises(SystemExit) as exit_:
        Settings.load(ENOUGH | {"SEGMENTS_LOG_LEVEL_FILE": str(tmp_path / "none")})
    assert exit_.value.code == 2
    assert capsys.readouterr().err.startswith("SEGMENTS_LOG_LEVEL_FILE: ")


def test_a_secret_is_never_shown():
    assert SECRET not in repr(Settings.load(ENOUGH)) + str(Settings.load(ENOUGH))


def test_what_is_wrong_is_said_in_one_line_each_without_secrets(capsys):
    with pytest.raises(SystemExit) as exit_:
        Settings.load({"DATABASE_URL": f"mysql://a:{SECRET}@b/c", "CANVASS_POOL_SIZE": "0"})
    said = capsys.readouterr().err
    assert exit_.value.code == 2
    assert said.splitlines() == [
        "SEGMENTS_DATABASE_URL or CANVASS_DATABASE_URL or DATABASE_URL: must begin with postgresql://",
        "SEGMENTS_RABBITMQ_URL or CANVASS_RABBITMQ_URL or RABBITMQ_URL: is not set",
        "SEGMENTS_POOL_SIZE or CANVASS_POOL_SIZE: Input should be greater than or equal to 1",
    ]


@pytest.mark.parametrize(
    ("given", "ours"),
    [
        ("postgres://h/d", "postgresql+asyncpg://h/d"),
        ("postgresql+asyncpg://u:p%40@h:1/d", "postgresql+asyncpg://u:p%40@h:1/d"),
        ("postgresql://h/d?sslmode=require", "postgresql+asyncpg://h/d?ssl=require"),
        ("postgresql:///d?host=/run/pg", "postgresql+asyncpg:///d?host=%2Frun%2Fpg"),
    ],
)
def test_every_customary_form_of_a_database_url_is_understood(given, ours):
    assert asyncpg_url(given) == ours
    assert asyncpg_url(libpq_url(ours)) == ours


@pytest.mark.parametrize("wrong", ["", "localhost/d", "postgresql://h", "postgresql://u:hunter2@h:port/d"])
def test_no_other_url_is_a_database_and_none_is_repeated(wrong):
    with pytest.raises(ValueError, match=r"^(must|is)") as refused:
        asyncpg_url(wrong)
    assert SECRET not in str(refused.value)
