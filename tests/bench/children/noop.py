"""The limit of HTTP: a FastAPI route that does nothing, served exactly as the services serve theirs."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

from canvass_runtime import logs, serving
from fastapi import FastAPI

from tests.bench import child
from tests.bench.child import Handler

app = FastAPI()


@app.post("/v1/track")
async def track() -> dict[str, bool]:
    """What tracking answers, without having done any of it."""
    return {"success": True}


@asynccontextmanager
async def answering() -> AsyncGenerator[Handler]:
    """Answers anything with the port that it listens on."""
    stop = asyncio.Event()
    listening: asyncio.Future[int] = asyncio.get_running_loop().create_future()
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(serving.serve(app, "127.0.0.1", 0, stop, listening=listening))
        port = await listening

        async def answer(_: dict[str, Any]) -> dict[str, Any]:
            return {"port": port}

        yield answer
        stop.set()


if __name__ == "__main__":
    logs.configure("bench", "warning")
    child.run(answering)
