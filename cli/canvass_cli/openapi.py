"""What each service's HTTP API is, without running it: for clients that are made from it."""

import asyncio
import json
from importlib import import_module
from pathlib import Path
from typing import Any

import httpx2
from canvass_messaging.links import Links
from canvass_messaging.process import Process
from canvass_messaging.service import Composition, Service
from canvass_runtime.clock import Clock
from canvass_runtime.db import Database

from .services import NAMES

_NOWHERE = {
    "database_url": "postgresql://nowhere:1/canvass",
    "rabbitmq_url": "amqp://nowhere:1",
    "link_secret": "for a description alone, nothing is signed",
}


def write(folder: Path) -> None:
    """One `<service>.json` (OpenAPI 3.1) for each service."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in NAMES:
        (folder / f"{name}.json").write_text(text(name))


def text(name: str) -> str:
    """The description of a service's API, as it is written to a file."""
    return json.dumps(describe(name), indent=1, ensure_ascii=False) + "\n"


def describe(name: str) -> dict[str, Any]:
    """The description that the service itself would answer with."""
    service: Service[Any] = import_module(f"canvass_{name}.main").service
    return asyncio.run(_describe(service))


async def _describe(service: Service[Any]) -> dict[str, Any]:
    told = {field: value for field, value in _NOWHERE.items() if field in service.settings.model_fields}
    settings = service.settings.model_validate(told)
    database = Database(settings.database_url.get_secret_value(), application_name="openapi", pool_size=1)
    made = Composition(settings, database, Clock())
    links = Links(database, made.clock, settings.rabbitmq_url.get_secret_value())
    process = Process(links, service.consumers, service.messaging, lanes=())
    transport = httpx2.ASGITransport(service.api(made, process))
    async with httpx2.AsyncClient(transport=transport, base_url="http://service") as http:
        return (await http.get("/openapi.json")).raise_for_status().json()
