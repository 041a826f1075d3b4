"""The queue before the database, with a database that does what the test says."""

import asyncio

import pytest
from canvass_tracking.ingest import group_commit
from canvass_tracking.ingest.group_commit import GroupCommit
from canvass_tracking.ingest.limits import Refused


class Commits:
    """Each commit waits until it is let go, and then does what was planned for it."""

    def __init__(self) -> None:
        self.groups: list[list[str]] = []
        self.begun = asyncio.Semaphore(0)
        self.let_go = asyncio.Semaphore(0)
        self.plan: list[Exception | None] = []
        self.poison: set[str] = set()
        self.traceparents: list[str] = []

    async def __call__(self, arrivals, traceparents) -> None:
        self.groups.append(list(arrivals))
        self.traceparents += traceparents
        self.begun.release()
        await self.let_go.acquire()
        if self.plan and (error := self.plan.pop(0)):
            raise error
        if self.poison & set(arrivals):
            raise ValueError("poison")


@pytest.fixture
def commits() -> Commits:
    return Commits()


@pytest.fixture
def group(commits: Commits) -> GroupCommit:
    return GroupCommit(commits, at_once=1)


@pytest.fixture
def at_once(monkeypatch) -> None:
    monkeypatch.setattr(group_commit, "PAUSES", (0.0,))


async def keeping(group: GroupCommit, *requests: str) -> list[asyncio.Task]:
    tasks = [asyncio.create_task(group.keep(list(request), 100)) for request in requests]
    await asyncio.sleep(0)
    return tasks


async def test_what_comes_during_a_commit_is_committed_together_in_the_next(group, commits):
    (first,) = await keeping(group, "a")
    await commits.begun.acquire()
    others = await keeping(group, "bc", "d", "e")
    commits.let_go.release()
    await first
    assert not any(task.done() for task in others)
    commits.let_go.release()
    await asyncio.gather(*others)
    assert commits.groups == [["a"], ["b", "c", "d", "e"]]


async def test_nobody_is_answered_before_the_commit(group, commits):
    (task,) = await keeping(group, "a")
    await commits.begun.acquire()
    assert not task.done()
    commits.let_go.release()
    await task


async def test_a_commit_has_a_limit_but_never_splits_a_request(group, commits, monkeypatch):
    monkeypatch.setattr(group_commit, "EVENTS_AT_ONCE", 4)
    tasks = await keeping(group, "a")
    await commits.begun.acquire()
    tasks += await keeping(group, "bc", "de", "fghijk", "l")
    for _ in range(4):
        commits.let_go.release()
    await asyncio.gather(*tasks)
    assert ["".join(one) for one in commits.groups] == ["a", "bcde", "fghijk", "l"]


async def test_a_failure_of_the_moment_is_tried_again(group, commits, at_once):
    commits.plan = [ConnectionError(), TimeoutError(), None]
    tasks = await keeping(group, "a")
    for _ in range(3):
        commits.let_go.release()
    await asyncio.gather(*tasks)
    assert commits.groups == [["a"]] * 3


async def test_who_has_waited_too_long_is_told_to_come_again(group, commits, at_once, monkeypatch):
    commits.plan = [ConnectionError(), None]
    tasks = await keeping(group, "a")
    await commits.begun.acquire()
    waiting = await keeping(group, "b")
    monkeypatch.setattr(group_commit, "GIVE_UP_SECONDS", -1)
    commits.let_go.release()
    for task in [*tasks, *waiting]:
        with pytest.raises(Refused) as refused:
            await task
        assert (refused.value.status, refused.value.retry_after) == (503, 5)
    monkeypatch.undo()
    commits.let_go.release()
    await asyncio.gather(*await keeping(group, "c"))
    assert commits.groups[-1] == ["c"]


async def test_one_that_cannot_be_kept_spoils_no_other(group, commits):
    (first,) = await keeping(group, "a")
    await commits.begun.acquire()
    good, bad, other = await keeping(group, "b", "x", "c")
    commits.poison = {"x"}
    for _ in range(5):
        commits.let_go.release()
    await asyncio.gather(first, good, other)
    with pytest.raises(Refused) as refused:
        await bad
    assert refused.value.status == 500
    assert commits.groups == [["a"], ["b", "x", "c"], ["b"], ["x"], ["c"]]


@pytest.mark.parametrize(("limit", "value"), [("MAX_WAITING_EVENTS", 2), ("MAX_WAITING_BYTES", 200)])
async def test_more_than_can_wait_is_told_to_come_later(group, commits, monkeypatch, limit, value):
    monkeypatch.setattr(group_commit, limit, value)
    tasks = await keeping(group, "a", "b")
    with pytest.raises(Refused) as refused:
        await group.keep(["c"], 100)
    assert (refused.value.status, refused.value.retry_after) == (429, 2)
    for _ in range(2):
        commits.let_go.release()
    await asyncio.gather(*tasks)
    (task,) = await keeping(group, "d")  # there is room again
    commits.let_go.release()
    await task


async def test_a_queue_that_stands_still_takes_no_more(group, commits, monkeypatch):
    tasks = await keeping(group, "a")
    await commits.begun.acquire()
    tasks += await keeping(group, "b")
    monkeypatch.setattr(group_commit, "GIVE_UP_SECONDS", -1)
    with pytest.raises(Refused) as refused:
        await group.keep(["c"], 100)
    assert refused.value.status == 429
    for _ in range(2):
        commits.let_go.release()
    await asyncio.gather(*tasks)


async def test_a_commit_that_hangs_is_given_up_and_tried_again(group, commits, at_once, monkeypatch):
    monkeypatch.setattr(group_commit, "ATTEMPT_SECONDS", 0.01)
    tasks = await keeping(group, "a")
    await commits.begun.acquire()
    await commits.begun.acquire()  # the first was let go by nobody
    commits.let_go.release()
    await asyncio.gather(*tasks)


async def test_who_has_gone_away_holds_nobody_up(group, commits):
    gone, stays, gone_too = await keeping(group, "a", "b", "d")
    gone.cancel()
    await commits.begun.acquire()
    gone_too.cancel()
    commits.let_go.release()
    await stays
    (after,) = await keeping(group, "c")
    commits.let_go.release()
    await after


async def test_the_traces_of_the_requests_come_with_the_commit(group, commits):
    commits.let_go.release()
    await group.keep(["a"], 1, "00-trace")
    assert commits.traceparents == ["00-trace"]


async def test_two_commits_run_side_by_side_and_what_comes_then_waits(commits):
    group = GroupCommit(commits, at_once=2)
    tasks: list[asyncio.Task] = []
    for requests in ("a", "b"):
        tasks += await keeping(group, requests)
        await commits.begun.acquire()
    tasks += await keeping(group, "c", "d")
    commits.let_go.release()
    await commits.begun.acquire()
    assert commits.groups == [["a"], ["b"], ["c", "d"]]
    for _ in range(2):
        commits.let_go.release()
    await asyncio.gather(*tasks)
