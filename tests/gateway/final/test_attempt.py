import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any, cast
from uuid import uuid4

import pytest
from msgspec.structs import replace
from redis.asyncio import Redis

from contracts import redis_keys
from gateway.control.model import Poll, Seal
from gateway.control.table import ControlTable
from gateway.control.writer import ControlWriter
from gateway.final import attempt as attempt_module
from gateway.final.attempt import Attempt, Case
from gateway.final.progress import GROUPS, VotesProgress
from gateway.final.recount import Ballots
from gateway.final.seals import Seals, unsealed
from gateway.history.client import History
from gateway.kafka.admin import AdminThread
from gateway.refusal import Refused
from tests.gateway.control.the_log import Log
from tests.gateway.final.consumers import commit, write_vote
from tests.gateway.final.stores import CROWD, NUMBERS, VOTES, digest, write_history, write_live
from tests.gateway.records import AT, poll

pytestmark = pytest.mark.engine


@dataclass
class Edge:
    """One gateway's part in it."""

    table: ControlTable
    attempt: Attempt
    case: Case

    async def try_once(self) -> str:
        return await self.attempt(self.case)


@dataclass
class Closed:
    """A closed poll in `control`, and what it takes to make it final."""

    log: Log
    poll: Poll
    redis: Redis
    progress: VotesProgress
    history: History

    def edge(self, name: str) -> Edge:
        table, writer = self.log.gateway(name, deadline_s=30)
        return Edge(table, self.attempt(name, table, writer), Case(self.poll))

    def edge_of_two_regions(self, region: str, other: str) -> Edge:
        table, writer = self.log.gateway(f"gw-{region}", deadline_s=30, region=region, other_regions=(other,))
        seals = Seals(table, writer, Ballots(self.history), region, (other,))
        return Edge(table, self.attempt(region, table, writer, seals), Case(self.poll))

    def attempt(self, name: str, table: ControlTable, writer: ControlWriter, seals: Seals | None = None) -> Attempt:
        ballots = Ballots(self.history)
        return Attempt(self.redis, self.progress, ballots, writer, lambda: AT + 60_000, name, table, seals)

    @property
    def ids(self) -> tuple[str, str]:
        return self.poll.stream_id, self.poll.poll_id

    @property
    def finals(self) -> list[Poll]:
        return [record for record in self.log.records if isinstance(record, Poll) and record.status == "final"]


@pytest.fixture
async def closed(redis: Redis, bootstrap: str, history: History) -> AsyncIterator[Closed]:
    log = Log()
    known = poll(stream_id=f"attempt-{uuid4().hex[:8]}", status="closed", closed_at=AT + 1, allow_withdraw=True)
    log.append(known)
    await asyncio.to_thread(write_vote, bootstrap, 2)
    await asyncio.to_thread(commit, bootstrap)
    kafka = AdminThread(bootstrap)
    yield Closed(log, known, redis, VotesProgress(kafka), history)
    await kafka.close()


async def test_equal_numbers_make_a_poll_final_with_its_digest_and_destroy_its_key(
    closed: Closed, clickhouse: Any
) -> None:
    write_history(clickhouse, *closed.ids, CROWD)
    await write_live(closed.redis, *closed.ids)
    edge = closed.edge("gw-1")
    assert await edge.try_once() == "final"
    [final] = closed.finals
    assert final.voter_salt is None and final.final_at == AT + 60_000
    assert final.result is not None
    assert final.result.votes == tuple(VOTES.values())
    assert {name: getattr(final.result, name) for name in NUMBERS} == NUMBERS
    assert final.result.digest == digest(CROWD)
    assert edge.table.poll(*closed.ids) == final
    assert await closed.redis.get(redis_keys.poll_recount(*closed.ids)) is None


async def test_a_region_that_does_not_change_the_stream_says_what_it_has_and_no_more(
    closed: Closed, clickhouse: Any
) -> None:
    write_history(clickhouse, *closed.ids, CROWD, region="us")
    us = closed.edge_of_two_regions("us", "eu")
    assert us.table.home(closed.poll) == "eu"
    assert [await us.try_once(), await us.try_once()] == ["sealed", "sealed"]
    [seal] = [record for record in closed.log.records if isinstance(record, Seal)]
    assert seal.region == "us"
    assert sum(seal.received.values()) == sum(voter.attempts for voter in CROWD)
    assert not closed.finals


async def test_a_poll_is_final_once_every_region_has_said_what_it_has_and_all_of_that_is_here(
    closed: Closed, clickhouse: Any
) -> None:
    write_history(clickhouse, *closed.ids, CROWD, region="us")
    await write_live(closed.redis, *closed.ids)
    eu, us = closed.edge_of_two_regions("eu", "us"), closed.edge_of_two_regions("us", "eu")
    assert await eu.try_once() == "apart"
    assert unsealed(eu.table, closed.poll, ["eu", "us"]) == ["us"]
    assert await us.try_once() == "sealed"
    assert unsealed(eu.table, closed.poll, ["eu", "us"]) == []

    known = eu.table.seals(closed.poll)["us"]
    more = {bucket: votes + 1 for bucket, votes in known.received.items()}
    closed.log.append(replace(known, revision=known.revision + 1, received=more))
    assert await eu.try_once() == "apart", "a vote that was acknowledged there is not here yet"
    closed.log.append(replace(known, revision=known.revision + 2))
    assert await eu.try_once() == "final"
    assert len(closed.finals) == 1


async def test_a_seal_says_nothing_of_another_closing(closed: Closed, clickhouse: Any) -> None:
    write_history(clickhouse, *closed.ids, CROWD, region="us")
    assert await closed.edge_of_two_regions("us", "eu").try_once() == "sealed"
    # The stream was moved by a region that had not heard of the closing, and votes were taken until it closed again.
    closed.poll = replace(closed.poll, revision=1_000_002, closed_at=AT + 30_000)
    closed.log.append(closed.poll)
    eu, us = closed.edge_of_two_regions("eu", "us"), closed.edge_of_two_regions("us", "eu")
    assert unsealed(us.table, closed.poll, ["us"]) == ["us"]
    assert await eu.try_once() == "apart"
    assert await us.try_once() == "sealed"
    seals = [record for record in closed.log.records if isinstance(record, Seal) and record.region == "us"]
    assert [(seal.revision, seal.closing) for seal in seals] == [(1, AT + 1), (2, AT + 30_000)]


async def test_of_two_gateways_one_at_a_time_is_at_it(closed: Closed, clickhouse: Any) -> None:
    write_history(clickhouse, *closed.ids, CROWD)
    await write_live(closed.redis, *closed.ids)
    edges = [closed.edge(f"gw-{number}") for number in range(4)]
    outcomes = await asyncio.gather(*(edge.try_once() for edge in edges))
    assert sorted(outcomes) == ["final", "taken", "taken", "taken"]
    assert len(closed.finals) == 1
    assert {await edge.try_once() for edge in edges} == {"final"}
    assert len(closed.finals) == 1


async def test_even_if_both_had_the_lock_the_result_is_announced_once(closed: Closed, clickhouse: Any) -> None:
    write_history(clickhouse, *closed.ids, CROWD)
    await write_live(closed.redis, *closed.ids)
    edges = [closed.edge("gw-1"), closed.edge("gw-2")]
    announced: list[Poll] = []
    watching = closed.edge("gw-3")
    watching.table.listen(lambda record: announced.append(cast(Poll, record)))
    closed.log.held = True
    first = asyncio.create_task(edges[0].try_once())
    await _until(lambda: closed.log.waiting == 1)
    await closed.redis.delete(redis_keys.poll_recount(*closed.ids))
    second = asyncio.create_task(edges[1].try_once())
    await _until(lambda: closed.log.waiting == 2)
    closed.log.release()
    assert set(await asyncio.gather(first, second)) == {"final"}
    assert [record.status for record in announced] == ["final"]


async def test_a_lock_that_was_lost_is_left_to_who_has_it(closed: Closed, clickhouse: Any) -> None:
    write_history(clickhouse, *closed.ids, CROWD)
    await write_live(closed.redis, *closed.ids)
    key = redis_keys.poll_recount(*closed.ids)
    closed.log.held = True
    attempt = asyncio.create_task(closed.edge("gw-1").try_once())
    await _until(lambda: closed.log.waiting == 1)
    assert (await closed.redis.get(key) or b"").startswith(b"gw-1 ")
    assert 0 < await closed.redis.pttl(key) <= 15_000
    await closed.redis.set(key, "gw-2")
    closed.log.release()
    assert await attempt == "final"
    assert await closed.redis.get(key) == b"gw-2"


async def test_a_long_recount_keeps_its_lock(closed: Closed, clickhouse: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attempt_module, "_LOCK_S", 0.3)
    closed.log.held = True
    attempt = asyncio.create_task(closed.edge("gw-1").try_once())
    await _until(lambda: closed.log.waiting == 1)
    await asyncio.sleep(0.6)
    assert await closed.edge("gw-2").try_once() == "taken"
    closed.log.release()
    assert await attempt == "final"
    assert await closed.redis.get(redis_keys.poll_recount(*closed.ids)) is None


@pytest.mark.parametrize("group", GROUPS)
async def test_a_vote_that_a_store_has_not_got_yet_holds_it_back(
    closed: Closed, clickhouse: Any, bootstrap: str, group: str
) -> None:
    write_history(clickhouse, *closed.ids, CROWD)
    await write_live(closed.redis, *closed.ids)
    await asyncio.to_thread(write_vote, bootstrap, 2)
    await asyncio.to_thread(commit, bootstrap, [each for each in GROUPS if each != group])
    edge = closed.edge("gw-1")
    assert await edge.try_once() == "behind"
    assert await edge.try_once() == "behind"
    await asyncio.to_thread(commit, bootstrap, [group])
    assert await edge.try_once() == "final"


async def test_votes_of_other_polls_do_not_hold_it_back(closed: Closed, clickhouse: Any, bootstrap: str) -> None:
    write_history(clickhouse, *closed.ids, CROWD)
    await write_live(closed.redis, *closed.ids)
    await asyncio.to_thread(commit, bootstrap, GROUPS, {2: 1})
    edge = closed.edge("gw-1")
    assert await edge.try_once() == "behind"
    await asyncio.to_thread(write_vote, bootstrap, 2)
    await asyncio.to_thread(commit, bootstrap, GROUPS, {2: 1})
    assert await edge.try_once() == "final"


async def test_different_numbers_do_not_until_they_agree(closed: Closed, clickhouse: Any) -> None:
    write_history(clickhouse, *closed.ids, CROWD)
    await write_live(closed.redis, *closed.ids, votes={**VOTES, "1": VOTES["1"] - 1})
    edge = closed.edge("gw-1")
    assert await edge.try_once() == "different"
    assert edge.case.before is not None
    live, recount = edge.case.before
    assert (live.votes["1"], recount.votes["1"]) == (VOTES["1"] - 1, VOTES["1"])
    assert closed.finals == [] and closed.log.waiting == 0
    await write_live(closed.redis, *closed.ids)
    assert await edge.try_once() == "final"


async def test_late_votes_that_go_on_coming_cannot_prevent_a_result(closed: Closed, clickhouse: Any) -> None:
    late = NUMBERS["late"]
    write_history(clickhouse, *closed.ids, CROWD)
    await write_live(closed.redis, *closed.ids, late=late - 1, received=NUMBERS["received"] - 1)
    edge = closed.edge("gw-1")
    assert await edge.try_once() == "moving"
    await write_live(closed.redis, *closed.ids, late=late + 5, received=NUMBERS["received"] + 5)
    assert await edge.try_once() == "final"
    [final] = closed.finals
    assert final.result is not None
    assert (final.result.late, final.result.received) == (late, NUMBERS["received"])


async def test_a_poll_in_which_nobody_voted_becomes_final_too(closed: Closed) -> None:
    assert await closed.edge("gw-1").try_once() == "final"
    [final] = closed.finals
    assert final.result is not None
    assert final.result.votes == (0, 0, 0)
    assert {getattr(final.result, name) for name in NUMBERS} == {0}
    assert final.result.digest == digest([])


async def test_a_poll_that_was_cancelled_meanwhile_stays_so(closed: Closed) -> None:
    edge = closed.edge("gw-1")
    closed.log.append(poll(stream_id=closed.poll.stream_id, revision=2, status="cancelled", voter_salt=None))
    with pytest.raises(Refused, match="cancelled-poll"):
        await edge.try_once()
    assert closed.finals == []


async def test_without_clickhouse_the_lock_is_given_back(closed: Closed) -> None:
    closed.history = History("http://127.0.0.1:1", "default", "")
    with pytest.raises(Refused, match="history-unreachable"):
        await closed.edge("gw-1").try_once()
    assert await closed.redis.get(redis_keys.poll_recount(*closed.ids)) is None
    await closed.history.close()


async def _until(condition: Any) -> None:
    async with asyncio.timeout(10):
        while not condition():  # noqa: ASYNC110
            await asyncio.sleep(0.01)
