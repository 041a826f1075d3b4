"""A POST that is sent twice acts once."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from canvass_runtime.idempotency import forget_old, idempotency_table
from canvass_runtime.tokens import issue
from sqlalchemy import MetaData, text


@pytest.fixture
def post(client, keys_dir):
    """Posts a thing as somebody, with a key."""

    async def post(number: int, key: str | None, name: str = "cli"):
        token = issue(next(keys_dir.glob("*.private.pem")), ["things:write"], timedelta(days=1), name)
        headers = {"authorization": f"Bearer {token}"} | ({"idempotency-key": key} if key else {})
        return await client.post("/effects", json={"id": number}, headers=headers)

    return post


async def count(database) -> int:
    async with database.transaction() as tx:
        return await tx.scalar(text("SELECT count(*) FROM web.things"))


async def test_the_same_request_gets_the_same_answer_and_acts_once(post, database):
    first, second = await post(1, "k"), await post(1, "k")
    assert first.json() == second.json() == {"id": 1}
    assert "idempotency-replayed" not in first.headers
    assert second.headers["idempotency-replayed"] == "true"
    assert await count(database) == 1


async def test_at_the_same_time_too(post, database):
    answers = await asyncio.gather(*(post(1, "k") for _ in range(4)))
    assert [answer.json() for answer in answers] == [{"id": 1}] * 4
    assert await count(database) == 1


async def test_another_request_with_the_same_key_is_refused(post, database):
    await post(1, "k")
    assert (await post(2, "k")).status_code == 422
    assert await count(database) == 1


async def test_another_caller_has_keys_of_its_own(post, database):
    await post(1, "k")
    assert (await post(2, "k", name="other")).json() == {"id": 2}


async def test_without_a_key_it_simply_acts(post, database):
    assert (await post(1, None)).status_code == 200
    assert (await post(2, None)).status_code == 200


async def test_what_failed_may_be_tried_again_with_its_key(post, database):
    assert (await post(500, "k")).status_code == 500
    assert (await post(1, "k")).status_code == 200


async def test_after_a_day_a_key_is_new_and_its_answer_may_go(post, database, client):
    answers = idempotency_table(MetaData(schema="web"))
    await post(1, "k")
    async with database.transaction() as tx:
        await tx.execute(text("UPDATE web.idempotency_keys SET asked_at = asked_at - interval '25 hours'"))
        await tx.execute(text("DELETE FROM web.things"))
    assert "idempotency-replayed" not in (await post(1, "k")).headers
    async with database.transaction() as tx:
        assert await forget_old(tx, answers, datetime.now(UTC)) == 0
        assert await forget_old(tx, answers, datetime.now(UTC) + timedelta(hours=25)) == 1
