from collections.abc import Iterator
from pathlib import Path

import pytest
import redis

from contracts import redis_keys
from contracts.redis_keys import WINDOW_TTL_S
from local import redis as redis_part
from local.running import running
from local.settings import read_settings
from ovation.verify import live_account
from ovation.verify.numbers import InPoll, InWindow, Span, Total

FIRE = "🔥"


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[redis.Redis]:
    settings = read_settings(Path(tmp_path_factory.mktemp("redis")), ephemeral_ports=True)
    with running(redis_part.part(settings), settings), redis.Redis.from_url(settings.redis_url) as client:
        yield client


@pytest.fixture
def now_s(client: redis.Redis) -> int:
    client.flushall()
    return int(client.time()[0])  # type: ignore[index]


def test_totals_and_polls_are_what_the_hashes_hold(client: redis.Redis, now_s: int) -> None:
    client.hset(redis_keys.reactions("s"), FIRE, "7")
    fields = {"option:1": 3, "option:2": 1, "voters": 4, "received": 6, "duplicate": 2, "status": "open"}
    client.hset(redis_keys.poll("s", "p"), mapping=fields)
    account = live_account.read(client, "s", ["p"])
    assert account.says(Total(FIRE)) == Span.exactly(7)
    assert account.says(InPoll("p", "option:1")) == Span.exactly(3)
    assert account.says(InPoll("p", "received")) == Span.exactly(6)
    assert account.says(InPoll("p", "late")) == Span.exactly(0)


def test_a_window_that_is_there_counts_however_old(client: redis.Redis, now_s: int) -> None:
    old_s = now_s - WINDOW_TTL_S - 10
    client.hset(redis_keys.reactions_window("s", old_s), FIRE, "2")
    account = live_account.read(client, "s", [])
    assert account.says(InWindow(old_s * 1000, FIRE)) == Span.exactly(2)


def test_a_young_window_must_be_there_and_an_old_one_may_have_expired(client: redis.Redis, now_s: int) -> None:
    account = live_account.read(client, "s", [])
    assert account.says(InWindow((now_s - 60) * 1000, FIRE)) == Span.exactly(0)
    assert account.says(InWindow((now_s - WINDOW_TTL_S) * 1000, FIRE)) is None


def test_streams_are_apart(client: redis.Redis, now_s: int) -> None:
    client.hset(redis_keys.reactions("other"), FIRE, "7")
    assert live_account.read(client, "s", []).says(Total(FIRE)) == Span.exactly(0)
