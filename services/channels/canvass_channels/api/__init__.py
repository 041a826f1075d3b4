"""Door 1, HTTP: people define what is sent and how, look at what was, and say whether they want it."""

from canvass_runtime.links import Links
from fastapi import APIRouter, FastAPI

from canvass_channels.use_cases.tools import Tools

from . import consents, deliveries, destinations, outbox, senders, templates, unsubscribing

router = APIRouter()
for _part in (templates, senders, destinations, deliveries, outbox, consents, unsubscribing):
    router.include_router(_part.router)


def equip(app: FastAPI, tools: Tools, links: Links) -> FastAPI:
    """Give the routes what they work with."""
    app.state.tools, app.state.links = tools, links
    return app
