"""Door 1, HTTP: people come in, define campaigns, publish them, and look at journeys."""

from fastapi import APIRouter

from . import campaigns, journeys, layouts, people, sessions, steps

router = APIRouter()
for one in (steps, campaigns, journeys, layouts):
    router.include_router(one.router, tags=["campaigns"])
router.include_router(people.router)
router.include_router(sessions.router)

__all__ = ["router"]
