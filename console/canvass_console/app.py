"""The ASGI application: pages, their parts, and the way to the services."""

from collections.abc import Awaitable, Callable

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from canvass_console.proxy import Proxy
from canvass_console.settings import Settings

# Styles come in elements, too, because the components make them; scripts only in files of ours.
POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: https:",
        "font-src 'self'",
        "connect-src 'self'",
        "frame-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
}
FOR_EVER = "public, max-age=31536000, immutable"
"""The names of built parts carry a hash of what is in them."""
MAX_BODY_BYTES = 2_000_000


def create_app(settings: Settings, proxy: Proxy) -> ASGIApp:
    """`/` and every path of the application, `/assets/*`, `/api/<service>/*`, `/config.json`, and health."""
    page = settings.dist / "index.html"

    async def show(_: Request) -> Response:
        if not page.exists():
            return PlainTextResponse("The console is not built yet: run `make console`.\n", 503)
        return FileResponse(page, headers={"cache-control": "no-cache"})

    async def config(_: Request) -> Response:
        return JSONResponse({"tracking": settings.tracking_public_url}, headers={"cache-control": "no-cache"})

    async def healthz(_: Request) -> Response:
        return JSONResponse({"status": "ok"})

    async def readyz(_: Request) -> Response:
        return await healthz(_) if page.exists() else PlainTextResponse("The console is not built.\n", 503)

    parts = StaticFiles(directory=settings.dist / "assets", check_dir=False)
    methods = ["GET", "POST", "PUT", "PATCH", "DELETE"]
    return Starlette(
        routes=[
            Route("/healthz", healthz),
            Route("/readyz", readyz),
            Route("/config.json", config),
            Route("/api/{service}/{path:path}", proxy.pass_on, methods=methods),
            Mount("/assets", GZipMiddleware(parts)),
            Route("/{path:path}", show),
        ],
        middleware=[Middleware(_Guarded)],
    )


class _Guarded:
    """Puts the headers on every answer, and refuses bodies that no service would take."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        if _told_length(scope) > MAX_BODY_BYTES:
            await PlainTextResponse("Too large.\n", 413)(scope, receive, send)
            return
        await self._app(scope, _limited(receive), _adding(send, scope["path"].startswith("/assets/")))


def _told_length(scope: Scope) -> int:
    told = dict(scope["headers"]).get(b"content-length", b"0")
    return int(told) if told.isdigit() else 0


def _limited(receive: Receive) -> Receive:
    taken = 0

    async def limited() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > MAX_BODY_BYTES:
            return {"type": "http.disconnect"}
        return message

    return limited


def _adding(send: Send, is_part: bool) -> Callable[[Message], Awaitable[None]]:
    async def adding(message: Message) -> None:
        if message["type"] == "http.response.start":
            kept = is_part and message["status"] == 200
            added = HEADERS | ({"cache-control": FOR_EVER} if kept else {})
            headers = [(name.encode(), value.encode()) for name, value in added.items()]
            message = {**message, "headers": [*message["headers"], *headers]}
        await send(message)

    return adding
