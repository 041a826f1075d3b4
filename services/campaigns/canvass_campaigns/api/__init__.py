"""Door 1, HTTP: people define campaigns, publish them, and look at journeys."""

from fastapi import APIRouter

from . import campaigns, journeys, steps

router = APIRouter(tags=["campaigns"])
router.include_router(steps.router)
router.include_router(campaigns.router)
router.include_router(journeys.router)

__all__ = ["router"]
