"""Door 1, HTTP: people define segments, look at who belongs where and why, and put contacts in by hand."""

from fastapi import APIRouter

from canvass_segments.api import contacts, members, preview, segments

router = APIRouter(tags=["segments"])
for part in (preview, segments, members, contacts):
    router.include_router(part.router)

__all__ = ["router"]
