"""The HTTP application of a service, and what its routes are given."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable, Mapping, MutableMapping
from datetime import datetime
from importlib.metadata import version
from typing import Annotated, Any, cast

from fastapi import APIRouter, Depends, FastAPI, Request, Response
from fastapi.middleware import Middleware
from fastapi.openapi.utils import get_openapi
from fastapi.responses import JSONResponse
from fastapi.telemetry import TelemetryConfig

from canvass_runtime import metrics, problem
from canvass_runtime.clock import Clock
from canvass_runtime.db import Database, Tx
from canvass_runtime.door import Door
from canvass_runtime.settings import ServiceSettings
from canvass_runtime.tokens import KeyRing

BODY_BYTES = 1_000_000
REQUEST_SECONDS = 30.0
READY_SECONDS = 2.0

Check = Callable[[], Awaitable[object]]
"""Raises when its part is not ready."""


def create_app(
    name: str,
    *,
    database: Database,
    clock: Clock,
    settings: ServiceSettings,
    routers: Iterable[APIRouter],
    readiness: Mapping[str, Check] | None = None,
    request_seconds: float = REQUEST_SECONDS,
    body_bytes: int = BODY_BYTES,
) -> FastAPI:
    """The application of service `name`: its routers, `/healthz`, `/readyz`, `/metrics` and `/openapi.json`.

    `readiness` names what must work beside the database before requests are sent here; each check has
    2 seconds. Operation ids are the names of the route functions, so these must differ (FastAPI warns).
    """
    app = _Application(
        title=f"Canvass {name}",
        version=version("canvass-runtime"),
        docs_url=None,  # these would load scripts from elsewhere
        redoc_url=None,
        redirect_slashes=False,
        generate_unique_id_function=lambda route: route.name,
        middleware=[Middleware(Door, seconds=request_seconds, body_bytes=body_bytes)],
        telemetry=_telemetry(settings.otlp_endpoint is not None),
    )
    app.state.database, app.state.clock, app.state.keys = database, clock, KeyRing(settings.keys_dir)
    app.state.checks = {"database": database.ping, **(readiness or {})}
    problem.install(app)
    app.include_router(_probes)
    for router in routers:
        app.include_router(router)
    return app


async def _open_transaction(request: Request) -> AsyncGenerator[Tx]:
    async with cast("Database", request.app.state.database).transaction() as tx:
        yield tx


def _now(request: Request) -> datetime:
    return cast("Clock", request.app.state.clock).now()


Transaction = Annotated[Tx, Depends(_open_transaction, scope="function")]
"""The transaction of one request. It commits before the answer leaves: a 2xx means kept."""

Now = Annotated[datetime, Depends(_now)]
"""The present, as the domain sees it."""


_probes = APIRouter(include_in_schema=False)


@_probes.get("/healthz")
async def healthz() -> dict[str, str]:
    """The process lives: its loop answers."""
    return {"status": "ok"}


@_probes.get("/readyz")
async def readyz(request: Request) -> JSONResponse:
    """Whether requests should be sent here, and what is missing if not."""
    checks: dict[str, Check] = request.app.state.checks
    verdicts = await asyncio.gather(*(_verdict(check) for check in checks.values()))
    ready = all(verdict == "ok" for verdict in verdicts)
    content = {
        "status": "ready" if ready else "not ready",
        "checks": dict(zip(checks, verdicts, strict=True)),
    }
    return JSONResponse(content, 200 if ready else 503)


@_probes.get("/metrics")
async def show_metrics() -> Response:
    """What this process has counted, for Prometheus."""
    return Response(metrics.exposition(), media_type=metrics.CONTENT_TYPE)


async def _verdict(check: Check) -> str:
    try:
        async with asyncio.timeout(READY_SECONDS):
            await check()
    except Exception as error:
        return type(error).__name__
    return "ok"


class _Application(FastAPI):
    """FastAPI, whose description shows the problems that it really answers with."""

    def openapi(self) -> dict[str, Any]:
        if self.openapi_schema is None:
            described = get_openapi(title=self.title, version=self.version, routes=self.routes)
            self.openapi_schema = _with_problems(described)
        return self.openapi_schema


def _with_problems(description: dict[str, Any]) -> dict[str, Any]:
    schemas: dict[str, Any] = description.setdefault("components", {}).setdefault("schemas", {})
    for fastapis in ("HTTPValidationError", "ValidationError"):
        schemas.pop(fastapis, None)
    schemas["Problem"] = problem.Problem.model_json_schema()
    reference = {"$ref": "#/components/schemas/Problem"}
    content = {problem.MEDIA_TYPE: {"schema": reference}}
    default = {"description": "A problem (RFC 9457).", "content": content}
    for path in description.get("paths", {}).values():
        for operation in path.values():
            operation["responses"].pop("422", None)
            operation["responses"]["default"] = default
    return description


def _is_probe(scope: MutableMapping[str, Any]) -> bool:
    return scope["path"] in {"/healthz", "/readyz", "/metrics"}


def _telemetry(tracing: bool) -> TelemetryConfig:
    """FastAPI's own: a span a request, and nothing of what it would do beside."""
    return {
        "tracing": tracing,
        "metrics": False,
        "logs": False,
        "operation_spans": False,
        "auto_configure": False,
        "exclude": _is_probe,
    }
