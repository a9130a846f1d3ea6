"""What `ovation seed` writes: the same for the same seed, shaped like a season, and in the engine as often as once."""

import datetime as dt
from collections.abc import Iterator
from itertools import islice
from typing import Any

import numpy as np
import pytest

from ovation.migrations import migrate
from ovation.seed import tables
from ovation.seed.seed import seed_history
from ovation.seed.streams import Past, streams
from tests.sql.server import MIGRATIONS, Server, running

UNTIL = dt.datetime(2026, 6, 1, tzinfo=dt.UTC)


def some(seed: int, number: int) -> list[Past]:
    return list(islice(streams(seed), number))


def test_a_seed_makes_the_same_streams() -> None:
    one, again, other = some(1, 5), some(1, 5), some(2, 5)
    for first, second in zip(one, again, strict=True):
        assert np.array_equal(first.counts, second.counts)
        assert tables.began(1, first, UNTIL) == tables.began(1, second, UNTIL)
    assert any(not np.array_equal(first.counts, second.counts) for first, second in zip(one, other, strict=True))


def test_sizes_follow_a_power_law() -> None:
    taps = sorted((int(past.counts.sum()) for past in some(1, 200)), reverse=True)
    # A tenth of the streams has most of the taps, and most streams have little.
    assert sum(taps[:20]) > 0.5 * sum(taps)
    assert taps[100] < sum(taps) / 200


def test_bursts_stand_out() -> None:
    past = max(some(1, 50), key=lambda each: each.taps_per_s)
    by_second = np.bincount(past.seconds, past.counts, past.duration_s)
    assert by_second.max() > 3 * np.median(by_second)


def test_a_stream_lies_in_its_season() -> None:
    for past in some(3, 50):
        begin = tables.began(3, past, UNTIL)
        assert UNTIL - dt.timedelta(days=301) < begin <= UNTIL - dt.timedelta(seconds=past.duration_s)


@pytest.fixture
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    server: Server
    with running(tmp_path_factory.mktemp("clickhouse")) as server:
        migrate(server.url, "default", "", MIGRATIONS, lambda _: None)
        client = server.client()
        yield client
        client.close()


@pytest.mark.engine
def test_is_written_once_however_often(client: Any) -> None:
    reports: list[int] = []
    for _ in range(2):
        written = seed_history(client, 20_000, 1, UNTIL, reports.append)
    [(windows, ids, taps)] = client.query(
        "SELECT count(), uniqExact(stream_id), sum(reactions) FROM ovation.reactions"
    ).result_rows
    assert (windows, ids) == (20_000, written)
    assert reports == [20_000, 20_000]
    expected, left = 0, 20_000
    for past in streams(1):
        expected += int(past.counts[:left].sum())
        left -= len(past.counts[:left])
        if not left:
            break
    assert taps == expected
    for view in ("reactions_by_minute", "reactions_by_hour"):
        assert client.command(f"SELECT sum(reactions) FROM ovation.{view}") == expected
    assert 0.5 * expected < client.command("SELECT sum(reactions) FROM ovation.video_reactions") < 0.7 * expected
    assert client.command("SELECT count() FROM ovation.polls FINAL WHERE status = 'final'") == written
    [(voters, ballots, fitting)] = client.query(
        "SELECT count(), countIf(outcome = 'counted'), countIf(counted_at BETWEEN first_voted_at AND last_voted_at) "
        "FROM ovation.votes"
    ).result_rows
    assert written < ballots == fitting <= voters
    [(named,)] = client.query("SELECT count() FROM ovation.streams FINAL WHERE status = 'ended'").result_rows
    assert named == written
