"""Campaigns put together: `python -m canvass_campaigns serve|api|worker|migrate`."""

from typing import TYPE_CHECKING

from canvass_messaging.process import Process
from canvass_messaging.service import Composition, Service

from .consumers import consumers
from .settings import Settings
from .tables import messaging, metadata, partitioned
from .timers import TIMERS

if TYPE_CHECKING:
    from fastapi import FastAPI


def api(made: Composition[Settings], process: Process) -> "FastAPI":
    """The application; only a process with HTTP loads it."""
    from canvass_messaging.operations_api import operations_routers  # noqa: PLC0415
    from canvass_runtime.app import create_app  # noqa: PLC0415

    from .api import router  # noqa: PLC0415
    from .api.sessions import Door  # noqa: PLC0415

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
    app.state.door = Door(made.settings.signing_key, made.settings.console_url)
    return app


service = Service(
    Settings,
    metadata,
    messaging,
    consumers,
    api,
    timers=lambda _: TIMERS,
    partitioned=partitioned,
)
