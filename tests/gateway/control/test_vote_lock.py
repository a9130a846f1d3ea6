"""Two gateways and a real Redis."""

import asyncio
import signal
from collections.abc import AsyncIterator
from uuid import uuid4

import pytest
from msgspec.structs import replace
from redis.asyncio import Redis

from contracts import redis_keys
from gateway.clock import now_ms
from gateway.control.model import Poll
from gateway.control.table import ControlTable
from gateway.control.vote_lock import VoteLock
from gateway.refusal import Refused
from tests.gateway.processes import Process
from tests.gateway.records import AT, poll


@pytest.fixture
async def redis(redis_url: str) -> AsyncIterator[Redis]:
    async with Redis.from_url(redis_url) as redis:
        yield redis


@pytest.fixture
def fresh() -> Poll:
    """Return an open poll that Redis has not heard of."""
    return poll(stream_id=uuid4().hex)


def gateway(redis: Redis, write_ms: int = 1_000) -> tuple[ControlTable, VoteLock]:
    table = ControlTable(now_ms)
    return table, VoteLock(redis, table, now_ms, write_ms)


def edited(before: Poll) -> Poll:
    return replace(before, question="Another?")


async def problem_of(work: object) -> str:
    with pytest.raises(Refused) as refused:
        await work  # type: ignore[misc]
    return refused.value.problem.name


async def test_after_the_first_vote_nobody_edits(redis: Redis, fresh: Poll) -> None:
    (_, here), (_, there) = gateway(redis), gateway(redis)
    assert not here.knows(fresh)
    await here.register(fresh)
    assert here.knows(fresh)
    assert await problem_of(here.admit(fresh, edited(fresh))) == "locked-poll"
    assert await problem_of(there.admit(fresh, edited(fresh))) == "locked-poll"
    await there.admit(fresh, replace(fresh, closes_at=AT + 1, closes_in_s=5))


async def test_where_there_are_regions_nobody_edits_a_poll_that_has_opened(redis: Redis, fresh: Poll) -> None:
    lock = VoteLock(redis, ControlTable(now_ms), now_ms, 1_000, has_regions=True)
    assert await problem_of(lock.admit(fresh, edited(fresh))) == "locked-poll"
    await lock.admit(fresh, replace(fresh, closes_at=AT + 1, closes_in_s=5))
    later = replace(fresh, status="scheduled", opened_at=None, opens_at=now_ms() + 60_000)
    await lock.admit(later, edited(later))


async def test_while_somebody_edits_nobody_votes_by_the_old_rules(redis: Redis, fresh: Poll) -> None:
    (_, here), (_, there) = gateway(redis), gateway(redis)
    await here.admit(fresh, edited(fresh))
    assert await problem_of(there.register(fresh)) == "too-much-waiting"
    assert not there.knows(fresh)
    # Who has seen what came of the edit may go on.
    await there.register(replace(fresh, revision=2))
    assert await problem_of(here.admit(replace(fresh, revision=2), edited(fresh))) == "locked-poll"


async def test_an_edit_that_never_came_is_not_waited_for_for_ever(
    redis: Redis, fresh: Poll, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gateway.control.vote_lock._MARGIN_MS", 0)
    _, lock = gateway(redis, write_ms=200)
    await lock.admit(fresh, edited(fresh))
    async with asyncio.timeout(5):
        while not lock.knows(fresh):
            try:
                await lock.register(fresh)
            except Refused:
                await asyncio.sleep(0.02)


async def test_a_vote_that_the_job_has_counted_locks_too(redis: Redis, fresh: Poll) -> None:
    _, lock = gateway(redis)
    async with redis.pipeline() as pipeline:
        pipeline.hset(redis_keys.poll(fresh.stream_id, fresh.poll_id), "received", "1")
        await pipeline.execute()
    assert await problem_of(lock.admit(fresh, edited(fresh))) == "locked-poll"


async def test_a_poll_that_opens_later_is_edited_without_asking(redis: Redis, fresh: Poll) -> None:
    _, lock = gateway(redis)
    far = replace(fresh, status="scheduled", opened_at=None, opens_at=now_ms() + 60_000)
    soon = replace(far, opens_at=now_ms() + 500)
    draft = replace(far, status="draft", opens_at=None)
    key = redis_keys.poll_lock(fresh.stream_id, fresh.poll_id)
    for each, asked in ((draft, False), (far, False), (soon, True)):
        await lock.admit(each, edited(each))
        assert bool(await redis.exists(key)) == asked


async def test_an_opening_that_is_due_is_put_off_before_the_first_vote_or_not_at_all(redis: Redis, fresh: Poll) -> None:
    (_, here), (_, there) = gateway(redis), gateway(redis)
    due = replace(fresh, status="scheduled", opened_at=None, opens_at=now_ms() + 500)
    put_off = replace(due, status="draft", opens_at=None)
    await here.admit(due, put_off)
    assert await problem_of(there.register(due)) == "too-much-waiting"
    other = replace(due, stream_id=uuid4().hex)
    await there.register(other)
    assert await problem_of(here.admit(other, replace(put_off, stream_id=other.stream_id))) == "locked-poll"


async def test_many_first_votes_ask_once(redis: Redis, fresh: Poll) -> None:
    _, lock = gateway(redis)
    before = (await redis.info("commandstats")).get("cmdstat_evalsha", {"calls": 0})["calls"]
    await asyncio.gather(*(lock.register(fresh) for _ in range(500)))
    after = (await redis.info("commandstats"))["cmdstat_evalsha"]["calls"]
    # Once more if Redis had to be told the script first.
    assert after - before <= 2


async def test_votes_go_on_without_redis_and_edits_do_not(redis_url: str, redis_server: Process, fresh: Poll) -> None:
    async with Redis.from_url(redis_url, socket_timeout=1) as redis:
        _, lock = gateway(redis)
        redis_server.send(signal.SIGSTOP)
        try:
            assert await problem_of(lock.admit(fresh, edited(fresh))) == "redis-unreachable"
            await lock.register(fresh)
            assert lock.knows(fresh)
        finally:
            redis_server.send(signal.SIGCONT)
        _, other = gateway(redis)
        await redis.delete(redis_keys.poll_lock(fresh.stream_id, fresh.poll_id))
        await lock.restore()
        assert await problem_of(other.admit(fresh, edited(fresh))) == "locked-poll"


async def test_what_is_over_is_forgotten(redis: Redis, fresh: Poll) -> None:
    table, lock = gateway(redis)
    await lock.register(fresh)
    table.apply(replace(fresh, status="final", revision=2))
    assert not lock.knows(fresh)
    await lock.register(fresh)
    table.clear()
    assert not lock.knows(fresh)
