"""Door 1, HTTP: people define what earns points and what these set off, and see who has earned what."""

from fastapi import APIRouter

from canvass_points.api import contacts, definitions

router = APIRouter()
router.include_router(definitions.router)
router.include_router(contacts.router)
