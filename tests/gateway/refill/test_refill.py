"""An emptied Redis is filled from a real engine, by the scripts of the job, and never moved back."""

import datetime as dt
from collections import Counter
from collections.abc import AsyncIterator
from typing import Any

import pytest
from redis.asyncio import Redis

from contracts import redis_keys
from contracts.buckets import bucket
from contracts.picture import script, tally
from contracts.tables import DATABASE, REACTION_HOURS, REACTION_WINDOWS
from gateway.control.table import ControlTable
from gateway.final.live_tally import read_tally
from gateway.final.numbers import Numbers
from gateway.final.recount import Ballots
from gateway.history.client import History
from gateway.refill.mark import AGAIN_AFTER_MS
from gateway.refill.refill import Refill
from gateway.refusal import Refused
from gateway.voter import VoterKeys
from tests.gateway.history.rows import put_voter
from tests.gateway.records import AT, poll, stream
from tests.sql.server import Server

pytestmark = pytest.mark.engine


class Setup:
    def __init__(self, redis: Redis, history: History, client: Any) -> None:
        self.redis = redis
        self.history = history
        self.client = client
        self._taps: dict[tuple[str, str, int], int] = {}
        self.table = ControlTable(lambda: AT)
        self.table.ready = True
        self.now = AT
        self.lag_s: float | None = 0.0
        self.refill = self.gateway()
        voters = VoterKeys(b"k" * 32, self.table)
        self.voters = [voters.voter(poll(), f"v{number}") for number in range(60)]

    def gateway(self, history: History | None = None) -> Refill:
        """Return what another gateway has of it."""
        return Refill(
            self.redis,
            history or self.history,
            self.table,
            lambda: self.now,
            redis_answers=lambda: True,
            history_lag_s=lambda: self.lag_s,
        )

    def open(self, stream_id: str, **changes: Any) -> None:
        self.table.apply(stream(stream_id=stream_id, **changes))
        self.table.apply(poll(stream_id=stream_id))

    def tap(self, stream_id: str, second: int, emoji: str, taps: int) -> None:
        start_s = AT // 1000 + second
        self._taps[stream_id, emoji, start_s] = taps
        hour_s = start_s - start_s % 3_600
        in_hour = sum(
            taps
            for (stream, each, at_s), taps in self._taps.items()
            if (stream, each) == (stream_id, emoji) and hour_s <= at_s < hour_s + 3_600
        )
        self._sum(REACTION_WINDOWS, "window_start", stream_id, start_s, emoji, taps)
        self._sum(REACTION_HOURS, "hour_start", stream_id, hour_s, emoji, in_hour)

    def _sum(self, table: str, column: str, stream_id: str, start_s: int, emoji: str, taps: int) -> None:
        names = ("stream_id", column, "emoji", "region", "reactions", "version")
        row = (stream_id, dt.datetime.fromtimestamp(start_s, dt.UTC), emoji, "eu", taps, taps)
        self.client.insert(table, [row], column_names=names, database=DATABASE)

    async def totals(self, stream_id: str) -> dict[str, int]:
        found: Any = await self.redis.hgetall(redis_keys.reactions(stream_id))  # type: ignore[misc]
        return {emoji.decode(): int(taps) for emoji, taps in found.items()}


@pytest.fixture
async def setup(redis_url: str, clickhouse: Server) -> AsyncIterator[Setup]:
    redis, client = Redis.from_url(redis_url), clickhouse.client()
    history = History(clickhouse.url, "default", "", timeout_s=20)
    await redis.delete(redis_keys.FILLED, redis_keys.FILLING)
    yield Setup(redis, history, client)
    client.close()
    await history.close()
    await redis.aclose()


async def test_totals_and_tallies_are_back(setup: Setup) -> None:
    setup.open("full")
    for second, taps in ((0, 3), (1, 4), (1, 9)):
        setup.tap("full", second, "🔥", taps)
    setup.tap("full", 2, "👏", 1)
    setup.tap("full", -redis_keys.WINDOW_TTL_S - 1, "👏", 5)
    for number, voter in enumerate(setup.voters):
        outcome = ("counted", "counted", "withdrawn", "late")[number % 4]
        put_voter(
            setup.client,
            "full",
            poll().poll_id,
            voter,
            choices=[str(1 + number % 3)] if outcome == "counted" else [],
            outcome=outcome,
            attempts=1 + number % 2,
            duplicate=number % 2,
            late=int(outcome == "late"),
        )
    await setup.refill.look()
    assert await setup.totals("full") == {"🔥": 12, "👏": 6}
    window: Any = await setup.redis.hgetall(redis_keys.reactions_window("full", AT // 1000 + 1))  # type: ignore[misc]
    assert window == {"🔥".encode(): b"9"}
    old: Any = await setup.redis.exists(redis_keys.reactions_window("full", AT // 1000 - redis_keys.WINDOW_TTL_S - 1))
    assert not old, "it would have expired by now"
    recount = await Ballots(setup.history).recount("full", poll().poll_id)
    assert await read_tally(setup.redis, "full", poll().poll_id) == recount
    assert recount.voters == 30
    kept: Any = await setup.redis.hgetall(redis_keys.poll_buckets("full", poll().poll_id))  # type: ignore[misc]
    received = Counter[int]()
    for number, voter in enumerate(setup.voters):
        received[bucket(voter)] += 1 + number % 2
    said = {int(name): text.decode().split("|") for name, text in kept.items()}
    assert {name: int(numbers.split()[0]) for name, (_, numbers) in said.items()} == received
    assert {name: regions for name, (regions, _) in said.items()} == {name: f"eu={n}" for name, n in received.items()}


async def test_a_bucket_with_votes_of_nobody_knows_which_region_names_none(setup: Setup) -> None:
    setup.open("older")
    voters = [voter for voter in setup.voters if bucket(voter) == bucket(setup.voters[0])]
    assert len(voters) > 1
    put_voter(setup.client, "older", poll().poll_id, voters[0], choices=["1"], attempts_in={})
    put_voter(setup.client, "older", poll().poll_id, voters[1], choices=["1"])
    await setup.refill.look()
    kept: Any = await setup.redis.hgetall(redis_keys.poll_buckets("older", poll().poll_id))  # type: ignore[misc]
    assert [text.decode()[:4] for text in kept.values()] == ["|2 2"]


async def test_what_is_there_is_newer_and_stays(setup: Setup) -> None:
    setup.open("ahead")
    setup.tap("ahead", 0, "🔥", 5)
    put_voter(setup.client, "ahead", poll().poll_id, setup.voters[0], choices=["1"])
    await setup.redis.hset(redis_keys.reactions("ahead"), "🔥", "7")  # type: ignore[misc]
    numbers = (9, 8, 0, 0, 1, 0, 0, 0)
    keys, arguments = tally.script_call(
        "ahead", poll().poll_id, {bucket(setup.voters[0]): tally.tally("eu=9", numbers, (8, 0, 0))}, AT
    )
    await setup.redis.eval(script(tally.SCRIPT), len(keys), *keys, *map(str, arguments))  # type: ignore[misc]
    await setup.refill.look()
    assert await setup.totals("ahead") == {"🔥": 7}
    assert (await read_tally(setup.redis, "ahead", poll().poll_id)).voters == 8


async def test_once_is_enough_until_it_is_empty_again(setup: Setup) -> None:
    setup.open("twice")
    setup.tap("twice", 0, "🔥", 1)
    await setup.refill.look()
    await setup.redis.delete(redis_keys.reactions("twice"))
    await setup.refill.look()
    assert await setup.totals("twice") == {}, "the mark is there, and it is too early to look again"
    setup.now += AGAIN_AFTER_MS[0]
    await setup.refill.look()
    assert await setup.totals("twice") == {"🔥": 1}
    await setup.redis.delete(redis_keys.FILLED, redis_keys.reactions("twice"))
    await setup.refill.look()
    assert await setup.totals("twice") == {"🔥": 1}


async def test_another_process_of_redis_is_filled_once(setup: Setup) -> None:
    setup.open("restarted")
    setup.tap("restarted", 0, "🔥", 4)
    await setup.refill.look()
    # As after a failover to a replica that had not got the last writes.
    await setup.redis.set(redis_keys.FILLED, "another-run")
    await setup.redis.hset(redis_keys.reactions("restarted"), "🔥", "3")  # type: ignore[misc]
    other = setup.gateway()
    await other.look()
    assert await setup.totals("restarted") == {"🔥": 4}
    await setup.redis.set(redis_keys.FILLED, "a-third-run")
    await setup.redis.hset(redis_keys.reactions("restarted"), "🔥", "3")  # type: ignore[misc]
    await other.look()
    assert await setup.totals("restarted") == {"🔥": 3}, "behind an address of several it would fill for ever"


async def test_a_gateway_goes_on_with_what_one_that_died_has_begun(setup: Setup) -> None:
    setup.open("begun")
    setup.tap("begun", 0, "🔥", 4)
    await setup.refill.look()
    # The history had not got them yet.
    setup.tap("begun", 1, "🔥", 2)
    other = setup.gateway()
    await other.look()
    assert await setup.totals("begun") == {"🔥": 4}
    setup.now += AGAIN_AFTER_MS[0]
    await other.look()
    assert await setup.totals("begun") == {"🔥": 6}


async def test_it_is_filled_until_the_history_has_what_came_before(setup: Setup) -> None:
    setup.open("behind")
    setup.lag_s = 1.0
    await setup.refill.look()
    for after_ms in AGAIN_AFTER_MS:
        setup.now, setup.lag_s = AT + after_ms, after_ms / 1000 + 1
        await setup.refill.look()
    # The job of the history was away for longer than all that.
    setup.tap("behind", 1, "🔥", 2)
    for lag_s in (None, 21.0):
        setup.now, setup.lag_s = AT + 20_000, lag_s
        await setup.refill.look()
        assert await setup.totals("behind") == {}
    setup.now, setup.lag_s = AT + 30_000, 5.0
    await setup.refill.look()
    assert await setup.totals("behind") == {"🔥": 2}
    await setup.redis.delete(redis_keys.reactions("behind"))
    setup.now += 60_000
    await setup.refill.look()
    assert await setup.totals("behind") == {}, "it is whole, and looked after no more"


async def test_two_gateways_do_not_fill_at_once(setup: Setup) -> None:
    setup.open("claimed")
    setup.tap("claimed", 0, "🔥", 1)
    await setup.refill.look()
    await setup.redis.delete(redis_keys.reactions("claimed"))
    await setup.redis.set(redis_keys.FILLING, "another", px=10_000)
    setup.now += AGAIN_AFTER_MS[0]
    await setup.refill.look()
    assert await setup.totals("claimed") == {}
    await setup.redis.delete(redis_keys.FILLING)
    await setup.refill.look()
    assert await setup.totals("claimed") == {"🔥": 1}


async def test_what_a_gateway_of_an_earlier_version_has_marked_is_whole(setup: Setup) -> None:
    setup.open("earlier")
    setup.tap("earlier", 0, "🔥", 1)
    run_id = (await setup.redis.info("server"))["run_id"]
    await setup.redis.set(redis_keys.FILLED, run_id)
    setup.now += 60_000
    await setup.refill.look()
    assert await setup.totals("earlier") == {}


async def test_without_the_history_nothing_is_marked(setup: Setup) -> None:
    setup.open("away")
    history = History("http://127.0.0.1:9", "default", "", timeout_s=2)
    refill = setup.gateway(history)
    with pytest.raises(Refused):
        await refill.look()
    assert not await setup.redis.exists(redis_keys.FILLED)
    await history.close()


async def test_nobody_voted_or_tapped(setup: Setup) -> None:
    setup.open("quiet")
    await setup.refill.look()
    assert await read_tally(setup.redis, "quiet", poll().poll_id) == Numbers(votes={}, **dict.fromkeys(_NUMBERS, 0))


_NUMBERS = ("voters", "received", "replaced", "withdrawn", "duplicate", "late", "invalid", "ineligible")
