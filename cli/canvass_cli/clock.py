"""`canvass clock`: the present that all services see, where it may be turned."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated

import typer
from pydantic import TypeAdapter, ValidationError

from . import environment
from .api import Api
from .places import Places
from .services import NAMES
from .trouble import Trouble

app = typer.Typer(no_args_is_help=True, help="The present, as the services see it.")

_DURATION = TypeAdapter(timedelta)


@app.command()
def show() -> None:
    """Show what time it is for each service, and by how much that has been turned."""
    known = environment.known(Places.of_stack())
    for name in NAMES:
        clock = Api.of(name, known).call("GET", "/clock")
        typer.echo(f"{name:<10} {clock['now']}  turned by {clock['turned_by']}")


@app.command()
def turn(
    by: Annotated[str, typer.Argument(help="How far to go on: PT4H, P3D.")],
) -> None:
    """Turn the present of all services. There is no way back."""
    total = turn_all(environment.known(Places.of_stack()), _duration(by))
    typer.echo(f"turned by {total} in all")


def turn_all(known: Mapping[str, str], by: timedelta) -> timedelta:
    """Turn every service to `by` after the one that is furthest; returns by how much all are turned now."""
    services = [Api.of(name, known) for name in NAMES]
    turned = [_duration(service.call("GET", "/clock")["turned_by"]) for service in services]
    total = max(turned) + by
    for service, before in zip(services, turned, strict=True):
        service.call("POST", "/clock", {"by": _DURATION.dump_python(total - before, mode="json")})
    return total


def _duration(text: str) -> timedelta:
    try:
        return _DURATION.validate_python(text)
    except ValidationError:
        raise Trouble(f"{text} is no duration: write it as PT4H or P3D.") from None
