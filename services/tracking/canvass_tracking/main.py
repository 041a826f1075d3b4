"""The composition root: `python -m canvass_tracking serve|api|worker|migrate`."""

from typing import TYPE_CHECKING

from canvass_messaging.process import Process
from canvass_messaging.service import Composition, Service

from canvass_tracking.consumers import consumers
from canvass_tracking.settings import Settings
from canvass_tracking.store import messages
from canvass_tracking.tables import messaging, metadata
from canvass_tracking.timers import Forgetting

if TYPE_CHECKING:
    from starlette.types import ASGIApp


def api(made: Composition[Settings], process: Process) -> "ASGIApp":
    """The hot routes, and FastAPI for the rest; imported here, as a worker needs none of it."""
    from canvass_messaging.operations_api import operations_routers  # noqa: PLC0415
    from canvass_runtime.app import create_app  # noqa: PLC0415
    from canvass_runtime.links import Links  # noqa: PLC0415

    from canvass_tracking.api import router  # noqa: PLC0415
    from canvass_tracking.ingest.commit import committing  # noqa: PLC0415
    from canvass_tracking.ingest.edge import edge  # noqa: PLC0415
    from canvass_tracking.ingest.forms.desk import Desk  # noqa: PLC0415
    from canvass_tracking.ingest.forms.routes import form_routes  # noqa: PLC0415

    async def connected() -> None:
        if not await process.is_ready():
            raise ConnectionError

    group = committing(made.database, made.clock)
    desk = Desk(made.database, made.clock, group, made.settings.public_url)
    others = create_app(
        "tracking",
        database=made.database,
        clock=made.clock,
        settings=made.settings,
        routers=[router, form_routes(desk), *operations_routers(messaging, made.settings)],
        readiness={"broker": connected},
    )
    return edge(
        others,
        made.database,
        made.clock,
        group=group,
        links=Links.of(made.settings.link_secret),
        max_bytes=made.settings.max_request_bytes,
        public_url=made.settings.stated_url,
    )


service = Service(
    settings=Settings,
    metadata=metadata,
    messaging=messaging,
    consumers=consumers,
    api=api,
    timers=lambda _: [Forgetting().timer()],
    partitioned=[messages.partitioned],
)
