"""What whoever posts is answered, and what is kept of it."""

import asyncio
import base64
import gzip
import json

import httpx2
import pytest
from canvass_tracking.ingest import group_commit, write_keys
from canvass_tracking.ingest.limits import MAX_EVENTS
from canvass_tracking.use_cases import sources
from sqlalchemy import text

from .conftest import KEY, NOON, edge_over, types

SUCCESS = {"success": True}
BASIC = {"authorization": f"Basic {base64.b64encode(f'{KEY}:'.encode()).decode()}"}


def event(n=0, **more):
    return {"type": "track", "event": "Bought", "anonymousId": "a", "messageId": f"m-{n}", **more}


def batch(*events, **more):
    return json.dumps({"batch": list(events), **more})


async def post(client, content, path="/v1/batch", headers=BASIC):
    return await client.post(path, content=content, headers=headers)


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/v1/track", "event_tracked"),
        ("/v1/t", "event_tracked"),
        ("/v1/page", "page_viewed"),
        ("/v1/p", "page_viewed"),
    ],
)
async def test_a_single_event_is_kept(client, said, path, kind):
    single = {name: value for name, value in event().items() if name != "type"}
    answer = await post(client, json.dumps(single), path)
    assert (answer.status_code, answer.json()) == (200, SUCCESS)
    assert types(await said()) == [kind]


@pytest.mark.parametrize("path", ["/v1/identify", "/v1/i"])
async def test_an_identify_makes_a_contact(client, said, path):
    answer = await post(client, json.dumps({"userId": "u", "traits": {"email": "a@example.com"}}), path)
    assert (answer.status_code, answer.json()) == (200, SUCCESS)
    (changed,) = await said()
    assert (changed.data.user_id, changed.data.email) == ("u", "a@example.com")


@pytest.mark.parametrize("path", ["/v1/batch", "/v1/b"])
async def test_a_batch_is_kept(client, said, path):
    answer = await post(client, batch(event(1), event(2, type="page"), event(3, type="identify")), path)
    assert (answer.status_code, answer.json()) == (200, SUCCESS)
    assert sorted(types(await said())) == ["event_tracked", "page_viewed"]


async def test_a_batch_of_nothing_is_taken(client):
    assert (await post(client, batch())).json() == SUCCESS


@pytest.mark.parametrize(
    ("content", "headers", "query"),
    [
        pytest.param(batch(event()), BASIC, "", id="Basic"),
        pytest.param(
            batch(event()),
            {"authorization": f"basic {base64.b64encode(KEY.encode()).decode()}"},
            "",
            id="Basic without a colon",
        ),
        pytest.param(batch(event(), writeKey=KEY), {}, "", id="in the body"),
        pytest.param(batch(event(writeKey=KEY)), {}, "", id="in the first event"),
        pytest.param(batch(event()), {}, f"?writeKey={KEY}", id="in the query"),
        pytest.param(
            batch(event(), writeKey=KEY), {"authorization": "Bearer x"}, "", id="in the body, beside a Bearer"
        ),
        pytest.param(
            batch(event(), writeKey=KEY),
            {"authorization": "Basic %"},
            "",
            id="in the body, beside a broken Basic",
        ),
    ],
)
async def test_the_write_key_is_found_where_sdks_put_it(client, said, content, headers, query):
    answer = await post(client, content, f"/v1/batch{query}", headers)
    assert (answer.status_code, answer.json()) == (200, SUCCESS)
    assert len(await said()) == 1


@pytest.mark.parametrize(
    ("content", "headers"),
    [
        pytest.param(batch(event()), {}, id="none"),
        pytest.param(batch(event(), writeKey="wk_wrong"), {}, id="wrong in the body"),
        pytest.param(batch(event(), writeKey=["wk"]), {}, id="none that is a text"),
        pytest.param(batch(event(), writeKey=KEY), {"authorization": "Basic eDo="}, id="wrong in the header"),
        pytest.param("not even json", {"authorization": "Basic eDo="}, id="wrong, and nothing else right"),
    ],
)
async def test_without_a_good_write_key_nothing_is_taken(client, said, content, headers):
    answer = await post(client, content, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (401, "invalid_write_key")
    assert answer.json().keys() == {"code", "message"}
    assert await said() == []


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", "", "image/gif"])
@pytest.mark.parametrize("encoding", [None, "gzip"])
async def test_what_is_posted_is_json_whatever_it_is_called(client, said, content_type, encoding):
    content = batch(event()).encode()
    packed = gzip.compress(content) if encoding else content
    headers = BASIC | {"content-type": content_type} | ({"content-encoding": encoding} if encoding else {})
    assert (await post(client, packed, headers=headers)).json() == SUCCESS
    assert len(await said()) == 1


GOOD = json.dumps(event())
LARGE = json.dumps(event(1, properties={"x": "y" * 33 * 1024}))
DEEP = '{"type":"track","event":"e","anonymousId":"a","properties":{"x":' + "[" * 1000 + "]" * 1000 + "}}"
NESTED = json.dumps(event(1)).replace("}", ', "properties": {"x":' + "[" * 50 + "]" * 50 + "}}")
KEYS = json.dumps(event(1, properties=dict.fromkeys(map(str, range(5000)))))


def of(properties):
    return json.dumps(event(1, properties={"x": "?"})).replace('"?"', properties)


BAD = [
    pytest.param('{"type": truck}', "invalid_json", id="malformed"),
    pytest.param(LARGE, "event_too_large", id="33 KB"),
    pytest.param(of('"a\\u0000b"'), "invalid_characters", id="NUL"),
    pytest.param(of('"\\ud800"'), "invalid_json", id="a lone surrogate"),
    pytest.param(of("NaN"), "invalid_number", id="NaN"),
    pytest.param(of("-Infinity"), "invalid_number", id="Infinity"),
    pytest.param(of("1e999"), "invalid_number", id="1e999"),
    pytest.param(DEEP, "invalid_json", id="depth 1,000"),
    pytest.param(NESTED, "too_deep", id="depth 50"),
    pytest.param(KEYS, "event_too_large", id="5,000 keys in 57 KB"),
    pytest.param(of(json.dumps(dict.fromkeys(map(str, range(1500))))), "too_many_keys", id="1,500 keys"),
    pytest.param(json.dumps(event(type="scream")), "unsupported_type", id="a type that we have not"),
    pytest.param('{"type":"track","event":"e"}', "no_user_anon_id", id="nobody"),
    pytest.param("7", "invalid_event", id="a number"),
]


@pytest.mark.parametrize(("bad", "code"), BAD)
async def test_one_bad_event_of_a_batch_spoils_no_other(client, said, bad, code):
    other = json.dumps(event(2))
    answer = await post(client, f'{{"batch":[{GOOD},{bad},{other}]}}'.encode())
    assert answer.status_code == 200
    assert answer.json()["success"] is True
    ((index, found, message),) = [tuple(one.values()) for one in answer.json()["rejected"]]
    assert (index, found) == (1, code)
    assert message
    assert [fact.data.message_id for fact in await said()] == ["m-0", "m-2"]


@pytest.mark.parametrize(("bad", "code"), BAD)
async def test_a_bad_event_alone_is_refused_for_good(client, said, bad, code):
    singly = await post(client, bad.encode(), "/v1/track")
    of_a_batch = await post(client, f'{{"batch":[{bad}]}}'.encode())
    for answer in (singly, of_a_batch):
        if code == "unsupported_type" and answer is singly:
            continue  # the path says what it is
        assert (answer.status_code, answer.json()["code"]) == (400, code)
        assert answer.json().keys() == {"code", "message"}
    assert types(await said()) in ([], ["event_tracked"])


@pytest.mark.parametrize(
    ("content", "status", "code"),
    [
        pytest.param(b"{", 400, "invalid_json", id="malformed"),
        pytest.param(b"", 400, "invalid_json", id="nothing"),
        pytest.param(b"\xff\xfe", 400, "invalid_json", id="no text"),
        pytest.param(b"[]", 400, "invalid_json", id="a list"),
        pytest.param(b"{}", 400, "invalid_batch", id="no batch"),
        pytest.param(b'{"batch":[' + b"x" * 600_000, 413, "request_too_large", id="600 KB"),
        pytest.param(gzip.compress(b"[" * 50_000_000), 413, "request_too_large", id="a gzip bomb"),
        pytest.param(gzip.compress(b"{}")[:-3], 400, "invalid_gzip", id="broken gzip"),
        pytest.param(batch(*[{}] * (MAX_EVENTS + 1)).encode(), 400, "too_many_events", id="2,501 events"),
        pytest.param(b"[" * 400_000, 400, "invalid_json", id="400,000 brackets"),
        pytest.param(
            b'{"batch":[' + b"[" * 400_000, 400, "event_too_large", id="400,000 brackets in a batch"
        ),
        pytest.param(b'{"batch":[{"x":"' + b"\\" * 400_000, 400, "event_too_large", id="400,000 backslashes"),
        pytest.param(
            batch({str(n): n for n in range(100_000)}).encode()[:500_000],
            400,
            "event_too_large",
            id="10⁵ keys",
        ),
    ],
)
async def test_a_bad_body_is_refused_for_good_in_the_form_of_the_sdks(client, said, content, status, code):
    answer = await post(client, content)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.json().keys() == {"code", "message"}
    assert answer.headers["content-type"] == "application/json"
    assert await said() == []
    assert (await post(client, batch(event()))).json() == SUCCESS


STRANGE = [
    "\x01",
    "\x7f",
    "\u2028",
    "\ufeff",
    "\U0001f9ff",
    "\uffff",
    "'; DROP TABLE x",
    "\\u0000",
    "é" * 254,
    "%s",
    "{}",
]


@pytest.mark.parametrize("text", STRANGE)
async def test_whatever_text_may_be_kept_is_kept_as_it_is(client, said, text):
    user = f"{text}."  # blank alone, a text names nobody
    who = {"anonymousId": user, "userId": user}
    inside = {text: [text, 1e300, -0.0, 10**300]}
    track = {"type": "track", "messageId": text[:99], "event": text, "properties": inside, **who}
    identify = {"type": "identify", "messageId": f"{text[:9]}-2", "traits": inside, **who}
    content = json.dumps({"batch": [track, identify]}, ensure_ascii=False).encode()
    assert (await post(client, content)).json() == SUCCESS
    changed, tracked = sorted(await said(), key=lambda fact: fact.type)
    assert (tracked.data.name, tracked.data.properties) == (text, inside)
    assert (changed.data.user_id, changed.data.attributes) == (user, inside)


async def test_a_large_body_is_refused_before_it_is_read(edge):
    async def receive():
        raise AssertionError("it was read")

    sent = []

    async def send(message):
        sent.append(message)

    scope = {
        "type": "http",
        "method": "POST",
        "path": "/v1/batch",
        "headers": [(b"content-length", b"600000")],
        "query_string": b"",
    }
    await edge(scope, receive, send)
    assert sent[0]["status"] == 413


async def test_a_larger_request_may_be_allowed(database, rest, clock, said):
    transport = httpx2.ASGITransport(app=edge_over(database, rest, clock, 2_000_000))
    async with httpx2.AsyncClient(transport=transport, base_url="http://tracking") as client:
        events = [event(n, properties={"x": "y" * 20_000}) for n in range(50)]
        assert (await post(client, batch(*events))).json() == SUCCESS
    assert len(await said()) == 50


async def test_what_a_browser_asks_beforehand(client):
    asking = {
        "origin": "https://example.com",
        "access-control-request-method": "POST",
        "access-control-request-headers": "authorization,content-type,rsa-retry-attempt",
    }
    for path in ("/v1/batch", "/v1/track", "/v1/t"):
        answer = await client.options(path, headers=asking)
        assert answer.status_code == 204
        assert answer.headers["access-control-allow-origin"] == "*"
        assert answer.headers["access-control-allow-headers"] == asking["access-control-request-headers"]
        assert "POST" in answer.headers["access-control-allow-methods"]
        assert answer.headers["access-control-max-age"] == "86400"
    answer = await client.options("/v1/batch", headers={"access-control-request-headers": "a\tb<script>"})
    assert "authorization" in answer.headers["access-control-allow-headers"]


@pytest.mark.parametrize("headers", [BASIC, {}])
async def test_every_answer_may_be_read_by_any_site(client, headers):
    answer = await post(client, batch(event()), headers=headers)
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["access-control-expose-headers"] == "retry-after"


async def test_events_are_posted_and_not_gotten(client):
    answer = await client.get("/v1/batch")
    assert (answer.status_code, answer.json()["code"]) == (405, "method_not_allowed")


async def test_what_is_no_hot_route_is_left_to_the_rest(client):
    assert (await client.get("/healthz")).status_code == 200
    assert (await client.post("/v1/nothing")).headers["content-type"] == "application/problem+json"


async def test_overload_is_answered_with_when_to_come_again(client, monkeypatch):
    monkeypatch.setattr(group_commit, "MAX_WAITING_EVENTS", 0)
    answer = await post(client, batch(event()))
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "2")
    assert answer.json()["code"] == "overloaded"


async def test_a_database_that_is_away_is_answered_with_when_to_come_again(client, database, monkeypatch):
    assert (await post(client, batch(event(1)))).json() == SUCCESS
    monkeypatch.setattr(group_commit, "GIVE_UP_SECONDS", 0.05)

    def away(*_, **__):
        raise ConnectionError

    with monkeypatch.context() as patched:
        patched.setattr(type(database), "transaction", away)
        answer = await post(client, batch(event(2)))
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
        assert answer.json()["code"] == "unavailable"
    assert (await post(client, batch(event(2)))).json() == SUCCESS


WAITING = "FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"


async def asked(database, query):
    async with database.transaction() as tx:
        return await tx.scalar(text(query))


async def test_nothing_is_answered_before_the_commit(client, database):
    """A commit that has to wait keeps its request waiting; one that is undone is not answered as kept."""

    async def until_it_waits():
        while not await asked(database, f"SELECT count(*) {WAITING}"):  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0)
        assert not posting.done()

    async with database.transaction() as tx:
        await tx.execute(text("LOCK TABLE tracking.outbox IN ACCESS EXCLUSIVE MODE"))
        posting = asyncio.create_task(post(client, batch(event())))
        await until_it_waits()
        assert await asked(database, f"SELECT pg_terminate_backend(pid, 5000) {WAITING}")
        assert await asked(database, "SELECT count(*) FROM tracking.messages") == 0
        await until_it_waits()  # for it has begun again
    assert (await posting).json() == SUCCESS
    assert await asked(database, "SELECT count(*) FROM tracking.messages") == 1
    assert await asked(database, "SELECT count(*) FROM tracking.outbox") == 1


async def test_twenty_identical_posts_at_once_are_taken_once(database, rest, clock, said):
    """By two processes: each has its own queue and its own connections."""
    edges = [edge_over(database, rest, clock) for _ in range(2)]
    clients = [
        httpx2.AsyncClient(transport=httpx2.ASGITransport(app=edge), base_url="http://tracking")
        for edge in edges
    ]
    content = batch(*(event(n, timestamp=NOON.isoformat(), userId="u") for n in range(20)))
    answers = await asyncio.gather(*(post(clients[n % 2], content) for n in range(20)))
    assert {answer.status_code for answer in answers} == {200}
    facts = await said()
    assert types(facts) == ["contact_changed"] + ["event_tracked"] * 20
    assert len({fact.subject for fact in facts}) == 1
    for client in clients:
        await client.aclose()


async def test_a_new_source_is_known_by_the_next_post(client, database, said, monkeypatch):
    assert (await post(client, batch(event()))).json() == SUCCESS
    await said()
    async with database.transaction() as tx:
        await sources.put_source(tx, "shop", "Shop", trusted=False, write_key="wk_shop")
    content = batch(event(1), writeKey="wk_shop")
    assert (await post(client, content, headers={})).status_code == 401  # we looked less than a second ago
    monkeypatch.setattr(write_keys, "UNKNOWN_SECONDS", 0)
    assert (await post(client, content, headers={})).json() == SUCCESS
    assert len(await said()) == 1
