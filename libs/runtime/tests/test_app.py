"""The HTTP application of a service."""

import asyncio
import json
from datetime import datetime, timedelta

import httpx2
import pytest
from canvass_runtime.app import BODY_BYTES
from canvass_runtime.db import Database
from canvass_runtime.serving import serve
from fastapi import APIRouter
from sqlalchemy import text


@pytest.fixture
async def nowhere():
    nowhere = Database("postgresql://nobody@127.0.0.1:1/nothing", application_name="nowhere")
    yield nowhere
    await nowhere.dispose()


def assert_problem(response: httpx2.Response, status: int, slug: str) -> dict:
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    problem = response.json()
    assert (problem["status"], problem["type"]) == (status, f"/problems/{slug}")
    return problem


async def kept(database: Database) -> list[int]:
    async with database.transaction() as tx:
        return await tx.scalars(text("SELECT id FROM web.things ORDER BY id"))


async def test_what_is_answered_with_2xx_is_committed_before(make_app, web_tables, database):
    """In a real server, as the order of commit and answer is the server's to see."""
    seen: list[str] = []
    app, stop = make_app(), asyncio.Event()

    async def watched(scope, receive, send):
        async def sending(message):
            seen.append(f"{message['type']} with {await kept(database)}")
            await send(message)

        await app(scope, receive, sending)

    listening = asyncio.get_running_loop().create_future()
    async with asyncio.TaskGroup() as tasks, httpx2.AsyncClient() as client:
        tasks.create_task(serve(watched, "127.0.0.1", 0, stop, listening=listening))
        response = await client.post(f"http://127.0.0.1:{await listening}/things", json={"id": 7})
        stop.set()
    assert response.status_code == 201
    assert seen[0] == "http.response.start with [7]"


async def test_what_cannot_be_committed_is_not_answered_with_2xx(client, database):
    async with database.transaction() as tx:
        await tx.driver.execute("""
            CREATE FUNCTION web.refuse() RETURNS trigger LANGUAGE plpgsql AS
                $$ BEGIN RAISE EXCEPTION 'refused' USING ERRCODE = '40001'; END $$;
            CREATE CONSTRAINT TRIGGER refuse AFTER INSERT ON web.things DEFERRABLE INITIALLY DEFERRED
                FOR EACH ROW EXECUTE FUNCTION web.refuse();
        """)
    assert_problem(await client.post("/things", json={"id": 7}), 503, "service-unavailable")
    assert await kept(database) == []


async def test_a_refusal_says_what_to_do_and_keeps_nothing(client, database):
    problem = assert_problem(await client.post("/things", json={"id": 409}), 409, "conflict")
    assert (problem["detail"], problem["fields"]) == (
        "There is one already. Change that one.",
        {"id": "taken"},
    )
    assert await kept(database) == []


async def test_a_failure_of_ours_tells_nothing_but_an_instance_and_keeps_nothing(client, database):
    response = await client.post("/things", json={"id": 500})
    problem = assert_problem(response, 500, "internal-server-error")
    assert problem["instance"].startswith("urn:uuid:")
    assert "secret" not in response.text
    assert "Traceback" not in response.text
    assert await kept(database) == []


@pytest.mark.parametrize(
    ("method", "path", "status", "slug"),
    [("GET", "/nothing", 404, "not-found"), ("DELETE", "/things", 405, "method-not-allowed")],
)
async def test_what_is_not_there_is_a_problem_too(client, method, path, status, slug):
    assert_problem(await client.request(method, path), status, slug)


@pytest.mark.parametrize(
    ("method", "url", "content", "fields"),
    [
        pytest.param("POST", "/things", b'{"id": 0}', ["id"], id="in the body"),
        pytest.param("POST", "/things", b'{"id": ', ["body"], id="not JSON"),
        pytest.param("GET", "/things?limit=501", b"", ["query.limit"], id="in the query"),
        pytest.param("GET", "/things?cursor=%21", b"", ["query.cursor"], id="not our cursor"),
        pytest.param("GET", "/things/x", b"", ["path.thing_id"], id="in the path"),
    ],
)
async def test_what_is_not_valid_is_said_place_by_place(client, method, url, content, fields):
    headers = {"content-type": "application/json"}
    problem = assert_problem(
        await client.request(method, url, content=content, headers=headers), 422, "invalid"
    )
    assert list(problem["fields"]) == fields


@pytest.mark.parametrize("content", ["a\x00b", "a\ud800b", float("nan")], ids=["NUL", "surrogate", "NaN"])
async def test_what_json_can_say_and_postgresql_cannot_keep_is_refused(client, content):
    body = b'{"content": %s}' % json.dumps(content).encode()
    response = await client.post("/documents", content=body, headers={"content-type": "application/json"})
    assert_problem(response, 422, "invalid")


async def test_json_too_deep_to_read_is_refused(client):
    deep = b'{"content": ' + b"[" * 100_000 + b"]" * 100_000 + b"}"
    response = await client.post("/documents", content=deep, headers={"content-type": "application/json"})
    assert response.status_code in (400, 422)


@pytest.mark.parametrize("announced", [True, False])
async def test_a_body_is_counted_as_it_comes(client, announced):
    read = 0

    async def stream():
        nonlocal read
        for _ in range(100):
            read += 100_000
            yield b" " * 100_000

    headers = {"content-type": "application/json"} | ({"content-length": str(10**7)} if announced else {})
    response = await client.post("/things", content=stream(), headers=headers)
    assert_problem(response, 413, "too-large")
    assert read <= (0 if announced else BODY_BYTES + 200_000)


async def test_without_a_database_a_request_may_come_again_later(make_app, asking, nowhere):
    async with asking(make_app(nowhere)) as client:
        response = await client.post("/things", json={"id": 1})
    assert_problem(response, 503, "service-unavailable")
    assert response.headers["retry-after"] == "2"


async def test_a_request_that_takes_too_long_is_undone(make_app, asking, web_tables, database):
    async with asking(make_app(request_seconds=0.05)) as client:
        assert_problem(await client.post("/things/late"), 503, "service-unavailable")
    assert await kept(database) == []


async def test_it_lives_and_is_ready_when_its_parts_are(make_app, asking, nowhere):
    async def well() -> None: ...

    async def ill() -> None:
        raise ConnectionError("amqp://user:secret@host")

    async def silent() -> None:
        await asyncio.Event().wait()

    async with asking(make_app(readiness={"broker": well})) as client:
        response = await client.get("/readyz")
        assert (response.status_code, response.json()["checks"]) == (200, {"database": "ok", "broker": "ok"})
    async with asking(make_app(nowhere, readiness={"broker": ill, "relay": silent})) as client:
        response = await client.get("/readyz")
        assert response.status_code == 503
        assert response.json()["checks"]["broker"] == "ConnectionError"
        assert response.json()["checks"]["relay"] == "TimeoutError"
        assert response.json()["checks"]["database"] != "ok"
        assert (await client.get("/healthz")).status_code == 200


async def test_requests_are_counted_by_the_template_of_their_path(client):
    await client.get(f"/things/{'0' * 32}")
    await client.get("/bob@example.com")
    shown = (await client.get("/metrics")).text
    assert 'canvass_request_seconds_count{method="GET",route="/things/{thing_id}",status="200"}' in shown
    assert 'route="unmatched",status="404"' in shown
    assert "bob" not in shown


async def test_a_prefix_belongs_to_the_template(make_app, asking):
    router = APIRouter()

    @router.get("/{number}")
    async def get_number(number: int) -> int:
        return number

    prefixed = APIRouter(prefix="/numbers")
    prefixed.include_router(router, prefix="/all")
    async with asking(make_app(routers=[prefixed])) as client:
        await client.get("/numbers/all/7")
        assert 'route="/numbers/all/{number}",status="200"' in (await client.get("/metrics")).text


async def test_the_description_has_stable_names_and_the_real_problems(client):
    described = (await client.get("/openapi.json")).json()
    assert described["openapi"].startswith("3.1")
    operation = described["paths"]["/things"]["post"]
    assert operation["operationId"] == "create_thing"
    assert set(operation["responses"]) == {"201", "default"}
    assert "application/problem+json" in operation["responses"]["default"]["content"]
    assert "HTTPValidationError" not in described["components"]["schemas"]
    assert described["paths"]["/me"]["get"]["security"] == [{"key": ["things:read"]}]
    assert not {"/healthz", "/metrics", "/docs", "/redoc"} & set(described["paths"])


async def test_no_page_is_made_of_scripts_from_elsewhere(client):
    for path in ("/docs", "/redoc"):
        assert (await client.get(path)).status_code == 404


def test_two_routes_of_one_name_are_noticed(make_app):
    twice = APIRouter()

    async def same() -> None: ...

    twice.get("/a")(same)
    twice.get("/b")(same)
    with pytest.warns(UserWarning, match="same"):
        make_app(routers=[twice]).openapi()


async def test_the_domains_present_is_the_clocks(client, clock):
    there = clock.turn(timedelta(days=40))
    assert there <= datetime.fromisoformat((await client.get("/now")).json()) <= clock.now()


async def test_pages_follow_each_other_to_the_end(client):
    for number in (1, 2, 3):
        await client.post("/things", json={"id": number})
    first = (await client.get("/things", params={"limit": 2})).json()
    rest = (await client.get("/things", params={"limit": 2, "cursor": first["next_cursor"]})).json()
    assert [item["id"] for item in first["items"]] == [1, 2]
    assert rest == {"items": [{"id": 3}], "next_cursor": None}


@pytest.mark.parametrize(
    ("revision", "headers", "status"),
    [
        pytest.param(3, {}, 428, id="says nothing"),
        pytest.param(3, {"if-match": '"3"'}, 200, id="has read this"),
        pytest.param(3, {"if-match": 'W/"3"'}, 200, id="through a proxy that compresses"),
        pytest.param(3, {"if-match": '"2", "3"'}, 200, id="either"),
        pytest.param(3, {"if-match": '"2"'}, 412, id="has read an older one"),
        pytest.param(3, {"if-match": "*"}, 200, id="whatever is there"),
        pytest.param(0, {"if-match": "*"}, 412, id="nothing is there"),
        pytest.param(0, {"if-none-match": "*"}, 200, id="creates"),
        pytest.param(3, {"if-none-match": "*"}, 412, id="somebody created it"),
    ],
)
async def test_a_change_says_which_version_it_changes(client, revision, headers, status):
    assert (await client.put(f"/versions/{revision}", headers=headers)).status_code == status


async def test_a_server_that_restarts_is_used_again_at_the_next_request(client, database, database_url):
    """Its connections end while they are idle, as in a restart."""
    assert (await client.post("/things", json={"id": 1})).status_code == 201
    other = Database(database_url, application_name="restarter")
    async with other.transaction() as tx:
        ends = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE application_name = 'tests'"
        await tx.execute(text(ends))
    assert (await client.post("/things", json={"id": 2})).status_code == 201
    await other.dispose()
