"""The `canvass` command: which words it knows, and which room answers each."""

import os
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from . import building, clock, containers, environment, keys, outside, parked, ports, rehearsal, stack
from . import doctor as examination
from . import down as ending
from . import login as coming_in
from . import status as state
from . import up as starting
from .places import Places
from .trouble import Trouble


class _Clear(TyperGroup):
    """Says `Trouble` as one message, without a traceback."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except Trouble as trouble:
            typer.echo(f"canvass: {trouble}", err=True)
            raise typer.Exit(1) from None


app = typer.Typer(
    cls=_Clear,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Run and operate Canvass.",
)
test_servers = typer.Typer(no_args_is_help=True, help="The PostgreSQL and RabbitMQ that tests run against.")
app.add_typer(clock.app, name="clock")
app.add_typer(containers.app, name="containers")
app.add_typer(keys.app, name="keys")
app.add_typer(parked.app, name="parked")
app.add_typer(test_servers, name="test-servers")


@app.command()
def up(
    *,
    new_passwords: Annotated[
        bool,
        typer.Option("--new-passwords", help="Give roles that a DATABASE_URL has already new passwords."),
    ] = False,
) -> None:
    """Start all that does not run: PostgreSQL, RabbitMQ, the five services, the console."""
    starting.up(Places.of_stack(), new_passwords=new_passwords)


@app.command()
def down() -> None:
    """Stop all; the data stays."""
    typer.echo("stopped" if ending.down(Places.of_stack()) else "nothing was running")


@app.command()
def login(
    email: Annotated[
        str, typer.Argument(help="Whom to let in; made an admin if not there yet.")
    ] = coming_in.FIRST,
) -> None:
    """Print a link that opens the console once."""
    typer.echo(coming_in.link(environment.known(Places.of_stack()), email))


@app.command()
def console(
    script: Annotated[
        str | None, typer.Argument(help="A script of console/package.json to run instead: check, test, ...")
    ] = None,
) -> None:
    """Build the console, unless it is built from the sources as they are."""
    if script:
        building.run(script)
    else:
        typer.echo("built" if building.build() else "it is built already")


@app.command()
def purge(*, yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False) -> None:
    """Stop all, and delete the data, secrets and logs of this checkout."""
    places = Places.of_stack()
    if not yes:
        typer.confirm(f"Delete all data in {places.run}?", abort=True)
    ending.purge(Places.of_tests())
    ending.purge(places)


@app.command()
def status() -> None:
    """Show what runs; exit 1 unless all is well."""
    lines, well = state.status(Places.of_stack())
    typer.echo(lines)
    raise typer.Exit(0 if well else 1)


@app.command()
def doctor() -> None:
    """Show what is here and what is missing; exit 1 when something is."""
    findings = examination.examine(Places.of_stack())
    typer.echo(examination.show(findings))
    raise typer.Exit(1 if any(finding.advice for finding in findings) else 0)


@app.command()
def env() -> None:
    """Print where everything is, with a token and a write key, as a shell reads it: eval "$(canvass env)"."""
    typer.echo(environment.lines(outside.view(Places.of_stack()), exported=True), nl=False)


@app.command()
def demo(
    *,
    running: Annotated[
        bool, typer.Option("--running", help="Start nothing: play on what the environment's addresses name.")
    ] = False,
) -> None:
    """Start what does not run, and play the story on it; exit 1 unless each part happens, and once."""
    from .demo.addresses import Addresses  # noqa: PLC0415 - it brings an SDK and an SMTP server
    from .demo.play import play  # noqa: PLC0415

    places = Places.of_stack()
    if running:
        told = environment.known(places) | outside.access(places)
    else:
        os.environ.setdefault("CHANNELS_ALLOW_PRIVATE_ADDRESSES", "127.0.0.0/8")  # the story's CRM is there
        starting.up(places)
        told = environment.read(places.environment)
    at = Addresses.of(told)
    raise typer.Exit(0 if play(at, ports.spare(places)) else 1)


@app.command()
def migrate() -> None:
    """Bring the schemas of a running stack to what the code expects."""
    starting.migrate(stack.planned(Places.of_stack()))
    typer.echo("migrated")


@app.command()
def openapi(
    folder: Annotated[Path, typer.Argument(help="Where to write <service>.json.")],
) -> None:
    """Write the OpenAPI description of every service, for clients that are made from it."""
    from . import openapi as descriptions  # noqa: PLC0415 - it loads all five services

    descriptions.write(folder)


@test_servers.command("start")
def start_test_servers() -> None:
    """Start them, and leave them running until `stop`."""
    rehearsal.start(keep=True)
    typer.echo(f"running; their addresses: . {rehearsal.ENVIRONMENT}")


@test_servers.command("stop")
def stop_test_servers() -> None:
    """Stop them."""
    typer.echo("stopped" if rehearsal.stop() else "were not running")


@app.command("test", context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def run_tests(context: typer.Context) -> None:
    """Run pytest, with all that follows, against servers that live for the run."""
    raise typer.Exit(rehearsal.run_pytest(context.args))
