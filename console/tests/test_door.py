"""One origin for the page and for every service, and nothing let through that need not be."""

import asyncio
from contextlib import asynccontextmanager

import httpx2
import pytest
from canvass_console.app import MAX_BODY_BYTES, create_app
from canvass_console.proxy import Proxy
from canvass_console.settings import SERVICES, Settings
from canvass_runtime import serving
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route


async def echo(request: Request) -> Response:
    told = {
        "method": request.method,
        "path": request.url.path,
        "query": request.url.query,
        "headers": dict(request.headers),
        "body": (await request.body()).decode(),
    }
    headers = {"ETag": '"7"', "Set-Cookie": "canvass_session=s; HttpOnly", "X-Inner": "secret"}
    return JSONResponse(told, 200, headers)


@asynccontextmanager
async def running(app):
    stop, listening = asyncio.Event(), asyncio.get_running_loop().create_future()
    serving_it = asyncio.create_task(serving.serve(app, "127.0.0.1", 0, stop, listening=listening))
    yield await listening
    stop.set()
    await serving_it


@pytest.fixture
def dist(tmp_path):
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_text("<!doctype html><title>Canvass</title>")
    (tmp_path / "assets" / "index-abc.js").write_text("const x = 1;" * 200)
    return tmp_path


@pytest.fixture
async def browser(dist):
    methods = ["GET", "POST", "PUT", "PATCH", "DELETE"]
    async with running(Starlette(routes=[Route("/{path:path}", echo, methods=methods)])) as port:
        services = dict.fromkeys(SERVICES, f"http://127.0.0.1:{port}")
        services["points"] = "http://127.0.0.1:1"  # nobody listens there
        proxy = Proxy(services)
        settings = Settings(services=services, tracking_public_url="https://t.example.com", dist=dist)
        transport = httpx2.ASGITransport(create_app(settings, proxy))
        async with httpx2.AsyncClient(transport=transport, base_url="http://console") as http:
            yield http
        await proxy.aclose()


async def test_a_request_reaches_the_service_as_it_came_and_its_answer_comes_back(browser):
    answer = await browser.put(
        "/api/segments/segments/hot?a=1&b=%2F", content=b'{"name":"Hot"}', headers={"If-Match": '"6"'}
    )
    told = answer.json()
    assert (told["method"], told["path"], told["query"]) == ("PUT", "/segments/hot", "a=1&b=%2F")
    assert told["body"] == '{"name":"Hot"}'
    assert told["headers"]["if-match"] == '"6"'
    assert answer.headers["ETag"] == '"7"'


async def test_the_cookie_is_shown_to_the_service_whose_it_is_and_to_no_other(browser):
    headers = {"Cookie": "canvass_session=s"}
    shown = (await browser.get("/api/campaigns/people", headers=headers)).json()["headers"]
    hidden = (await browser.get("/api/segments/segments", headers=headers)).json()["headers"]
    assert shown["cookie"] == "canvass_session=s"
    assert "cookie" not in hidden


async def test_nothing_else_of_the_browser_or_of_the_service_passes(browser):
    answer = await browser.get("/api/tracking/contacts", headers={"X-Forwarded-For": "6.6.6.6"})
    assert "x-forwarded-for" not in answer.json()["headers"]
    assert "x-inner" not in answer.headers


async def test_a_service_that_is_away_is_said_to_be(browser):
    answer = await browser.get("/api/points/actions")
    assert answer.status_code == 503
    assert answer.headers["content-type"] == "application/problem+json"
    assert "points does not answer" in answer.json()["detail"]


async def test_there_is_no_way_to_anything_but_the_services(browser):
    answer = await browser.get("/api/elsewhere/x")
    assert answer.status_code == 404
    assert "tracking, segments" in answer.json()["detail"]


@pytest.mark.parametrize("path", ["/", "/campaigns", "/contacts/018f?tab=timeline"])
async def test_every_address_of_the_application_is_its_one_page(browser, path):
    answer = await browser.get(path)
    assert answer.status_code == 200
    assert "<title>Canvass</title>" in answer.text
    assert answer.headers["cache-control"] == "no-cache"


async def test_no_page_runs_a_script_that_is_not_a_file_of_ours_or_is_shown_within_another(browser):
    policy = (await browser.get("/")).headers["content-security-policy"]
    assert "script-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy


async def test_parts_are_kept_for_ever_and_packed(browser):
    answer = await browser.get("/assets/index-abc.js")
    assert "immutable" in answer.headers["cache-control"]
    assert answer.headers["content-encoding"] == "gzip"


async def test_a_part_that_is_not_there_is_not_kept(browser):
    answer = await browser.get("/assets/index-old.js")
    assert answer.status_code == 404
    assert "immutable" not in answer.headers.get("cache-control", "")


async def test_what_no_service_would_take_is_refused_at_the_door(browser):
    answer = await browser.put("/api/campaigns/campaigns/x", content=b"x" * (MAX_BODY_BYTES + 1))
    assert answer.status_code == 413


async def test_before_it_is_built_it_says_how_to_build_it(browser, dist):
    assert (await browser.get("/readyz")).status_code == 200
    (dist / "index.html").unlink()
    assert (await browser.get("/readyz")).status_code == 503
    answer = await browser.get("/")
    assert answer.status_code == 503
    assert "make console" in answer.text


def test_what_is_missing_is_said_a_line_each(capsys):
    with pytest.raises(SystemExit) as end:
        Settings.load({"TRACKING_URL": "http://127.0.0.1:1"})
    assert end.value.code == 2
    assert "SEGMENTS_URL: is not set" in capsys.readouterr().err
