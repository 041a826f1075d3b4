"""`canvass parked`: facts that could not take effect: see them, feed them again, give them up."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import typer

from . import environment
from .api import Api
from .places import Places
from .services import NAMES
from .trouble import Trouble

app = typer.Typer(no_args_is_help=True, help="Facts that could not take effect.")

Service = Annotated[str, typer.Argument(help=f"One of {', '.join(NAMES)}.")]
Id = Annotated[str, typer.Argument(metavar="ID", help="As `list` shows it.")]


@app.command("list")
def list_parked(
    service: Annotated[str | None, typer.Argument(help=f"One of {', '.join(NAMES)}; else all.")] = None,
) -> None:
    """Show what is parked, the longest parked first."""
    known = environment.known(Places.of_stack())
    for name in [_checked(service)] if service else NAMES:
        for parked in Api.of(name, known).pages("/parked"):
            typer.echo(line(name, parked))


@app.command()
def replay(service: Service, id_: Id) -> None:
    """Feed one again, with all its attempts before it."""
    _api(service).call("POST", f"/parked/{id_}/replay")
    typer.echo("will be fed again")


@app.command()
def discard(service: Service, id_: Id, reason: Annotated[str, typer.Option(help="Why.")]) -> None:
    """Give one up for good. It is kept, with the reason, and never fed again."""
    _api(service).call("POST", f"/parked/{id_}/discard", {"reason": reason})
    typer.echo("discarded")


def line(service: str, parked: Mapping[str, Any]) -> str:
    """One parked fact: where, which, since when, what it is, whose, and why it stays."""
    words: Sequence[Any] = (
        service,
        parked["id"],
        parked["parked_at"],
        parked["type"],
        parked.get("contact_id") or "-",
        f"after {parked['attempt']} attempts: {parked['error']}",
    )
    return "  ".join(str(word) for word in words)


def _api(service: str) -> Api:
    return Api.of(_checked(service), environment.known(Places.of_stack()))


def _checked(service: str) -> str:
    if service not in NAMES:
        raise Trouble(f"There is no service {service}; there are {', '.join(NAMES)}.")
    return service
