"""Passes a request of the browser on to a service, and its answer back, as they come."""

from collections.abc import Mapping
from http.cookiejar import CookieJar, DefaultCookiePolicy

import httpx2
from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse

SECONDS = 35.0
"""A service answers or refuses within 30."""
CONNECTIONS = 100

_ASKED = {
    "accept",
    "authorization",
    "content-type",
    "idempotency-key",
    "if-match",
    "if-none-match",
    "canvass-console",
    "traceparent",
}
_ANSWERED = {
    "cache-control",
    "content-type",
    "content-encoding",
    "content-length",
    "etag",
    "location",
    "retry-after",
    "set-cookie",
    "www-authenticate",
}
_WITH_COOKIES = "campaigns"
"""Whose cookie it is; no other service is shown it."""


class Proxy:
    """The way to the services: `/api/<service>/<path>` becomes `<its address>/<path>`."""

    def __init__(self, services: Mapping[str, str]) -> None:
        self._services = services
        # One client serves everybody: a cookie that it kept would be shown as somebody else's.
        keeps_none = CookieJar(DefaultCookiePolicy(allowed_domains=[]))
        limits = httpx2.Limits(max_connections=CONNECTIONS)
        self._http = httpx2.AsyncClient(timeout=SECONDS, limits=limits, cookies=keeps_none, trust_env=False)

    async def pass_on(self, request: Request) -> Response:
        """The service's own answer; problem+json where there is none."""
        service, path = request.path_params["service"], request.path_params["path"]
        address = self._services.get(service)
        if address is None:
            return _problem(404, "There is no such service", f"There are {', '.join(self._services)}.")
        url = httpx2.URL(f"{address}/{path}", query=request.url.query.encode())
        asked = self._http.build_request(
            request.method, url, headers=_headers(request, service), content=await request.body()
        )
        try:
            answer = await self._http.send(asked, stream=True)
        except httpx2.TransportError:
            detail = f"{service} does not answer just now. Try again in a moment."
            return _problem(503, "Service unavailable", detail)
        headers = [(name, value) for name, value in answer.headers.multi_items() if name in _ANSWERED]
        passed = StreamingResponse(
            answer.aiter_raw(), answer.status_code, background=BackgroundTask(answer.aclose)
        )
        passed.raw_headers = [(name.encode(), value.encode("latin-1")) for name, value in headers]
        return passed

    async def aclose(self) -> None:
        """Let go of the connections."""
        await self._http.aclose()


def _headers(request: Request, service: str) -> dict[str, str]:
    headers = {name: value for name, value in request.headers.items() if name in _ASKED}
    if service == _WITH_COOKIES and "cookie" in request.headers:
        headers["cookie"] = request.headers["cookie"]
    return headers


def _problem(status: int, title: str, detail: str) -> Response:
    slug = title.lower().replace(" ", "-")
    content = {"type": f"/problems/{slug}", "title": title, "status": status, "detail": detail}
    return JSONResponse(content, status, media_type="application/problem+json")
