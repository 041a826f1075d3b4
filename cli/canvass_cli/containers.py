"""`canvass containers`: the steps between the containers of one installation, as compose.yaml takes them."""

import asyncio
import os

import typer

from . import database, environment, keys, secret_files, services, up
from .key_store import KeyStore
from .places import Places
from .postgres import SUPERUSER
from .rabbitmq import USER
from .services import Service
from .trouble import Trouble

app = typer.Typer(no_args_is_help=True, help="Steps of an installation that runs in containers.")

_SECRET = {"CANVASS_RABBITMQ_URL", "CANVASS_LINK_SECRET"}
"""What of a service's environment is secret, and so goes into files: `rabbitmq_url`, `link_secret`."""


@app.command()
def secrets() -> None:
    """Make passwords, keys and a token, those not there yet, and lay ready what each container is given."""
    places = Places.of_stack()
    places.make()
    urls = {"DATABASE_URL": _database_url(places), "RABBITMQ_URL": _rabbitmq_url(places)}
    before = environment.read(places.environment)
    environment.write(places.environment, before | urls | {"CANVASS_TOKEN": keys.ensure(places)})
    _give(places, "postgres", "password", _password(places, "postgres"))
    _give(places, "rabbitmq", "rabbitmq.conf", _rabbitmq_configuration(places))
    signing = KeyStore.of_people(places).signing()
    _give(places, "campaigns", signing.name, signing.read_text())
    for name in services.NAMES:
        _give(places, name, "database_url", _service_url(places, urls["DATABASE_URL"], name))
        told = services.environment(places, urls["RABBITMQ_URL"], name)
        for variable in _SECRET & told.keys():
            _give(places, name, variable.removeprefix("CANVASS_").lower(), told[variable])
    typer.echo("secrets are ready")


@app.command()
def migrate() -> None:
    """Give every service its role and schema, and bring the schemas to what the code expects."""
    places = Places.of_stack()
    known = environment.read(places.environment)
    if "DATABASE_URL" not in known:
        raise Trouble("There are no secrets yet: `canvass containers secrets` comes first.")
    passwords = {name: services.password(places, name) for name in services.NAMES}
    asyncio.run(database.prepare(known["DATABASE_URL"], passwords, new_passwords=True))
    up.migrate_all(_service(places, name, known) for name in services.NAMES)
    typer.echo("migrated")


def _service(places: Places, name: str, known: dict[str, str]) -> Service:
    url = _service_url(places, known["DATABASE_URL"], name)
    told = services.environment(places, known["RABBITMQ_URL"], name)
    return Service(name=name, module=f"canvass_{name}", port=0, database_url=url, environment=told)


def _service_url(places: Places, url: str, name: str) -> str:
    return database.service_url(url, name, services.password(places, name))


def _database_url(places: Places) -> str:
    return f"postgresql://{SUPERUSER}:{_password(places, 'postgres')}@{_address('POSTGRES')}/{database.NAME}"


def _rabbitmq_url(places: Places) -> str:
    return f"amqp://{USER}:{_password(places, 'rabbitmq')}@{_address('RABBITMQ')}/"


def _address(name: str) -> str:
    """Host and port, which whoever composes the containers knows."""
    if address := os.environ.get(f"{name}_ADDRESS"):
        return address
    raise Trouble(f"{name}_ADDRESS is not set: say where its container is, as host:port.")


def _password(places: Places, server: str) -> str:
    return secret_files.kept(places.secrets / f"{server}.password")


def _rabbitmq_configuration(places: Places) -> str:
    """The user is taken up when the node's database is made, and stands for the customary guest."""
    return f"""\
default_user = {USER}
default_pass = {_password(places, "rabbitmq")}
default_user_tags.administrator = true
log.console = true
log.console.level = warning
disk_free_limit.absolute = 200MB
raft.wal_max_size_bytes = 64000000
collect_statistics_interval = 10000
"""


def _give(places: Places, container: str, name: str, text: str) -> None:
    """A container sees the directory of its own name and no other; whoever it runs as may read there."""
    directory = places.handed / container
    directory.mkdir(mode=0o755, parents=True, exist_ok=True)
    file = directory / name
    secret_files.write(file, text)
    file.chmod(0o644)
