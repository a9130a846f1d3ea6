"""Old streams: what has expired in Redis, or was removed from the history, is left out, and nothing else is."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import pytest
import redis

from contracts import redis_keys
from contracts.tables import BALLOTS, REACTION_HOURS, REACTION_MINUTES, REACTION_WINDOWS
from local import redis as redis_part
from local.running import running
from local.settings import read_settings
from ovation.addresses import Addresses
from ovation.migrations import migrate
from ovation.retention.kept import keep
from ovation.retention.wishes import Span
from ovation.verify import stream
from ovation.verify.stream import Verifier
from ovation.verify.verdict import Verdict
from tests.sql import server as engine
from tests.sql.server import MIGRATIONS

pytestmark = pytest.mark.engine
NOW = dt.datetime.now(dt.UTC).replace(minute=0, second=0, microsecond=0)
TABLES = {"windows": REACTION_WINDOWS, "minutes": REACTION_MINUTES, "hours": REACTION_HOURS}
LIVE = "Left out: live and gateway, which let go of a stream 30 days after its last change."
WINDOWS = "Left out: windows, which are not kept for so long; history's totals are those of its hours."
MINUTES = "Left out: history by minute, as minutes are not kept for so long."
IN_HISTORY = ["history", "history by minute", "history by hour"]


class World:
    """Real stores, and a gateway that shows what Redis holds of the taps."""

    def __init__(self, addresses: Addresses, live: redis.Redis, history: Any) -> None:
        self.live = live
        self.history = history
        self._addresses = addresses

    def tapped(self, days: int) -> None:
        """Put five taps into the history."""
        for table in TABLES.values():
            self.history.insert(f"ovation.{table}", [["s", NOW - dt.timedelta(days=days), "🔥", "eu", 5, 1]])

    def voted(self, days: int) -> None:
        columns = ["stream_id", "poll_id", "voter", "choices", "last_voted_at", "attempts", "outcome", "version"]
        row = ["s", "p", "v", ["1"], NOW - dt.timedelta(days=days), 1, "counted", 1]
        self.history.insert(f"ovation.{BALLOTS}", [row], columns)

    def kept(self, kind: str, days: int) -> None:
        keep(self.history, kind, Span(days, "d"))
        self.history.command(f"OPTIMIZE TABLE ovation.{TABLES[kind]} FINAL")

    async def verify(self) -> Verdict:
        with Verifier(self._addresses) as verifier:
            return await verifier.verify("s", None, 0)


@pytest.fixture(scope="module")
def stores(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, engine.Server]]:
    settings = read_settings(Path(tmp_path_factory.mktemp("redis")), ephemeral_ports=True)
    with (
        running(redis_part.part(settings), settings),
        engine.running(tmp_path_factory.mktemp("clickhouse")) as server,
    ):
        yield settings.redis_url, server


@pytest.fixture
def world(stores: tuple[str, engine.Server], monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    redis_url, server = stores
    history = server.client()
    history.command("DROP DATABASE IF EXISTS ovation SYNC")
    migrate(server.url, "default", "", MIGRATIONS, lambda _: None)
    with redis.Redis.from_url(redis_url) as live:
        live.flushall()

        class Gateway:
            def __init__(self, _: str) -> None: ...

            async def __aenter__(self) -> Self:
                return self

            async def __aexit__(
                self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
            ) -> None: ...

            async def live(self, stream_id: str) -> Any:
                totals: Any = live.hgetall(redis_keys.reactions(stream_id))
                return {
                    "reactions": {"totals": {emoji.decode(): int(taps) for emoji, taps in totals.items()}},
                    "polls": [{"poll_id": "p", "is_final": False}],
                }

        monkeypatch.setattr(stream, "GatewayClient", Gateway)
        yield World(Addresses(redis_url=redis_url, clickhouse_url=server.url), live, history)  # type: ignore[arg-type]
    history.close()


async def test_live_numbers_that_have_expired_are_left_out_and_that_is_said(world: World) -> None:
    world.tapped(days=40)
    world.voted(days=31)
    verdict = await world.verify()
    assert verdict.agrees, verdict.members()
    assert verdict.names == IN_HISTORY
    assert verdict.sentence().endswith(f"numbers. {LIVE}")
    assert verdict.members()["left_out"] == [LIVE]


@pytest.mark.parametrize("days", [20, 29])
async def test_live_numbers_that_are_missing_too_early_differ(world: World, days: int) -> None:
    world.tapped(days=40)
    world.voted(days=days)
    verdict = await world.verify()
    assert not verdict.agrees
    assert (verdict.names, verdict.left_out) == (["live", *IN_HISTORY, "gateway"], [])


@pytest.mark.parametrize("key", [redis_keys.reactions("s"), redis_keys.poll("s", "p")])
async def test_what_redis_still_holds_of_an_old_stream_is_compared(world: World, key: str) -> None:
    world.tapped(days=40)
    world.live.hset(key, "🔥", "4")
    verdict = await world.verify()
    assert not verdict.agrees
    assert (verdict.names, verdict.left_out) == (["live", *IN_HISTORY, "gateway"], [])


async def test_totals_are_of_the_hours_once_windows_are_not_kept(world: World) -> None:
    world.tapped(days=100)
    world.tapped(days=20)
    world.live.hset(redis_keys.reactions("s"), "🔥", "10")
    world.kept("windows", days=90)
    verdict = await world.verify()
    assert verdict.agrees, verdict.members()
    assert verdict.left_out == [WINDOWS]

    world.kept("minutes", days=90)
    verdict = await world.verify()
    assert verdict.agrees, verdict.members()
    assert verdict.left_out == [WINDOWS, MINUTES]
    assert verdict.names == ["live", "history", "history by hour", "gateway"]

    world.live.hset(redis_keys.reactions("s"), "🔥", "11")
    assert not (await world.verify()).agrees


async def test_by_a_rule_of_somebody_s_own_windows_may_be_gone(world: World) -> None:
    world.tapped(days=100)
    world.history.command(
        "ALTER TABLE ovation.reaction_windows MODIFY TTL toDateTime(window_start) + toIntervalMonth(3)"
    )
    world.history.command("OPTIMIZE TABLE ovation.reaction_windows FINAL")
    verdict = await world.verify()
    assert verdict.agrees, verdict.members()
    assert verdict.left_out == [LIVE, WINDOWS]


async def test_windows_of_a_stream_that_is_younger_than_they_are_kept_are_compared(world: World) -> None:
    world.tapped(days=20)
    world.live.hset(redis_keys.reactions("s"), "🔥", "5")
    world.kept("windows", days=90)
    assert (await world.verify()).left_out == []
    world.history.command("TRUNCATE TABLE ovation.reaction_windows")
    assert [each.what for each in (await world.verify()).differences] == ["🔥 total"]
