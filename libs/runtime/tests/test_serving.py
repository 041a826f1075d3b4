"""HTTP inside a loop that does more than that."""

import asyncio

import httpx2
import pytest
from canvass_runtime.serving import serve


class Slow:
    """An application whose answer waits for the test."""

    def __init__(self) -> None:
        self.asked, self.may_answer = asyncio.Event(), asyncio.Event()

    async def __call__(self, _scope, _receive, send) -> None:
        self.asked.set()
        await self.may_answer.wait()
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body"})


async def test_a_request_under_way_is_answered_before_the_end():
    app, stop, listening = Slow(), asyncio.Event(), asyncio.get_running_loop().create_future()
    async with asyncio.TaskGroup() as tasks, httpx2.AsyncClient() as client:
        serving = tasks.create_task(serve(app, "127.0.0.1", 0, stop, listening=listening))
        url = f"http://127.0.0.1:{await listening}/"
        answer = tasks.create_task(client.get(url))
        await app.asked.wait()
        stop.set()
        app.may_answer.set()
        assert (await answer).status_code == 204
        await serving
        with pytest.raises(httpx2.ConnectError):
            await client.get(url)


async def test_a_taken_port_is_an_error_to_the_caller():
    async with asyncio.TaskGroup() as tasks:
        stop, listening = asyncio.Event(), asyncio.get_running_loop().create_future()
        tasks.create_task(serve(Slow(), "127.0.0.1", 0, stop, listening=listening))
        with pytest.raises(OSError, match="in use"):
            await serve(Slow(), "127.0.0.1", await listening, asyncio.Event())
        stop.set()
