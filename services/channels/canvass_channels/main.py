"""Channels put together: `python -m canvass_channels serve|api|worker|migrate`."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from canvass_messaging.process import Process
from canvass_messaging.service import Composition, Service
from canvass_messaging.timers import Timer

from .consumers import consumers
from .settings import Settings
from .tables import messaging, metadata
from .timers import timers
from .use_cases.tools import tools_of

if TYPE_CHECKING:
    from fastapi import FastAPI


def api(made: Composition[Settings], process: Process) -> "FastAPI":
    """The application; only a process with HTTP loads it."""
    from canvass_messaging.operations_api import operations_routers  # noqa: PLC0415
    from canvass_runtime.app import create_app  # noqa: PLC0415
    from canvass_runtime.links import Links  # noqa: PLC0415

    from .api import equip, router  # noqa: PLC0415

    async def consuming() -> None:
        if not await process.is_ready():
            raise ConnectionError

    app = create_app(
        Settings.service,
        database=made.database,
        clock=made.clock,
        settings=made.settings,
        routers=[router, *operations_routers(messaging, made.settings)],
        readiness={"broker": consuming},
    )
    return equip(app, tools_of(made.settings), Links.of(made.settings.link_secret))


def due(made: Composition[Settings]) -> Sequence[Timer]:
    """What this service does by the clock."""
    return timers(made.settings, made.clock, tools_of(made.settings))


service = Service(Settings, metadata, messaging, consumers, api, timers=due)
