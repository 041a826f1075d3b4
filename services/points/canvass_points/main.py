"""The composition root: `python -m canvass_points serve|api|worker|migrate`."""

from typing import TYPE_CHECKING

from canvass_messaging.process import Process
from canvass_messaging.service import Composition, Service

from canvass_points import tables
from canvass_points.consumers import consumers
from canvass_points.settings import Settings
from canvass_points.timers import timers

if TYPE_CHECKING:
    from fastapi import FastAPI


def api(made: Composition[Settings], process: Process) -> "FastAPI":
    """The HTTP application."""
    from canvass_messaging.operations_api import operations_routers  # noqa: PLC0415 - a worker loads no HTTP
    from canvass_runtime.app import create_app  # noqa: PLC0415

    from canvass_points.api import router  # noqa: PLC0415

    async def consuming() -> None:
        if not await process.is_ready():
            raise ConnectionError

    return create_app(
        "points",
        database=made.database,
        clock=made.clock,
        settings=made.settings,
        routers=[router, *operations_routers(tables.messaging, made.settings)],
        readiness={"broker": consuming},
    )


service = Service(
    settings=Settings,
    metadata=tables.metadata,
    messaging=tables.messaging,
    consumers=consumers,
    api=api,
    timers=lambda _: timers,
    partitioned=tables.partitioned,
)
