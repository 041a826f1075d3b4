"""The routes that every service has for those who operate it."""

from canvass_runtime.settings import ServiceSettings
from fastapi import APIRouter

from .clock_api import clock_router
from .parked_api import parked_router
from .tables import MessagingTables


def operations_routers(tables: MessagingTables, settings: ServiceSettings) -> list[APIRouter]:
    """`/parked`; `/clock` too, where it may be turned."""
    return [parked_router(tables), *([clock_router(tables)] if settings.clock_can_turn else [])]
