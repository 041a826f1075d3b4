"""Door 1, HTTP, for people and programs: sources, contacts, forms. Visitors come in by `ingest`."""

from fastapi import APIRouter

from canvass_tracking.api import contacts, forms, sources

router = APIRouter()
for _room in (sources, contacts, forms):
    router.include_router(_room.router)
