"""`canvass keys`: who may call the services, and who no longer."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer
from canvass_runtime.clock import Clock
from canvass_runtime.scopes import SCOPES

from . import environment
from .key_store import KeyStore
from .places import Places
from .trouble import Trouble

app = typer.Typer(no_args_is_help=True, help="Keys (bearer tokens) for the services' HTTP APIs.")

Directory = Annotated[
    Path | None,
    typer.Option("--keys-dir", help="Where the keys of another deployment are; else this checkout's."),
]
_LIFE = timedelta(days=365)
_LONGEST = timedelta(days=3650)
_RENEWED_BEFORE_END = timedelta(days=7)


@app.command()
def create(
    name: Annotated[str, typer.Argument(help="Who will carry it.")],
    scope: Annotated[
        list[str] | None, typer.Option(help=f"May be repeated; else all: {', '.join(SCOPES)}.")
    ] = None,
    days: Annotated[int, typer.Option(min=1, max=_LONGEST.days, help="How long it is good.")] = _LIFE.days,
    keys_dir: Directory = None,
) -> None:
    """Make a key and print it. It is shown this once."""
    if not name.strip():
        raise Trouble("Say who will carry the key: canvass keys create NAME.")
    unknown = sorted(set(scope or []) - set(SCOPES))
    if unknown:
        raise Trouble(f"There is no scope {', '.join(unknown)}; there are {', '.join(SCOPES)}.")
    typer.echo(_store(keys_dir).create(name, scope or SCOPES, timedelta(days=days)))


@app.command("list")
def list_keys(keys_dir: Directory = None) -> None:
    """Show the keys made here; the keys themselves are not kept."""
    now = Clock().now().timestamp()
    for key in _store(keys_dir).issued():
        state = "revoked" if key["revoked"] else "expired" if key["expires_at"] <= now else "good"
        until = datetime.fromtimestamp(key["expires_at"], UTC).date()
        typer.echo(f"{key['id']}  {state:<7}  until {until}  {key['name']}  {' '.join(key['scopes'])}")


@app.command()
def revoke(
    id_: Annotated[str, typer.Argument(metavar="ID", help="As `list` shows it.")], keys_dir: Directory = None
) -> None:
    """Refuse a key from now on, in every service that reads these keys."""
    if not _store(keys_dir).revoke(id_):
        raise Trouble(f"No key {id_} was made here: see `canvass keys list`.")
    typer.echo("revoked")


def ensure(places: Places) -> str:
    """The stack's own key, allowed everything: the one of last time while it is good, else a new one."""
    store = KeyStore.of_stack(places)
    before = environment.read(places.environment).get("CANVASS_TOKEN", "")
    caller = store.recognised(before) if before else None
    until = (Clock().now() + _RENEWED_BEFORE_END).timestamp()
    if caller and caller.scopes >= set(SCOPES) and caller.expires_at > until:
        return before
    return store.create("local", SCOPES, _LIFE)


def _store(keys_dir: Path | None) -> KeyStore:
    places = Places.of_stack()
    if keys_dir is None:
        places.make()
        return KeyStore.of_stack(places)
    return KeyStore(keys_dir, keys_dir)
