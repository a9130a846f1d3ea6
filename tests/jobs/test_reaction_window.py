import random
from collections import Counter

import pytest
from pyflink.table import TableEnvironment

from contracts.events import ReactionsRecord
from contracts.windows import window_start
from jobs import reaction_window
from jobs.settings import JobSettings
from tests.jobs.conftest import Records, final_rows

START = 1_763_800_000_000
pytestmark = pytest.mark.flink


def record(stream_id: str, at: int, counts: dict[str, int], region: str = "eu") -> ReactionsRecord:
    return {"v": 1, "stream_id": stream_id, "region": region, "edge": "gw-1", "at": at, "counts": counts}


def crowd(seed: int) -> list[ReactionsRecord]:
    """Taps of three streams over ten seconds, out of order, some of them a day late."""
    choose = random.Random(seed)
    return [
        record(
            choose.choice(["a", "b", "c"]),
            START + choose.randrange(10_000) - choose.choice([0, 0, 0, 86_400_000]),
            {emoji: choose.randint(1, 50) for emoji in choose.sample(["🔥", "👏", "❤️"], choose.randint(1, 3))},
            choose.choice(["eu", "us"]),
        )
        for _ in range(2_000)
    ]


def test_every_tap_is_in_its_window_and_in_its_total(
    env: TableEnvironment, records: Records, settings: JobSettings
) -> None:
    taps = crowd(seed=1)
    windows: Counter[tuple[str, int, str]] = Counter()
    totals: Counter[tuple[str, str]] = Counter()
    regions: Counter[tuple[str, int, str, str]] = Counter()
    for tap in taps:
        for emoji, count in tap["counts"].items():
            windows[tap["stream_id"], window_start(tap["at"]), emoji] += count
            totals[tap["stream_id"], emoji] += count
            regions[tap["stream_id"], window_start(tap["at"]), emoji, tap["region"]] += count

    reaction_window.define(env, records(taps), settings)

    assert final_rows(env.from_path("live_windows"), 3) == {key: (count,) for key, count in windows.items()}
    assert final_rows(env.from_path("reaction_windows"), 4) == {key: (count,) for key, count in regions.items()}
    seen = final_rows(env.sql_query("SELECT stream_id, emoji, reactions, newest_window FROM live_totals"), 2)
    assert {key: row[0] for key, row in seen.items()} == totals
    assert {row[1] for row in seen.values()} == {window_start(START + 9_999)}


def test_what_cannot_be_read_is_stepped_over(env: TableEnvironment, records: Records, settings: JobSettings) -> None:
    lines = [
        "not json",
        "[]",
        "",
        {**record("a", START, {"🔥": 1}), "v": 2},
        {**record("a", START, {"🔥": 1}), "stream_id": None},
        {**record("a", START, {"🔥": 1}), "at": 17},
        record("a", START, {"🔥": -5, "👏": 10**12}),
        record("a", START, {"🔥": 4}),
    ]
    reaction_window.define(env, records(lines), settings)
    assert final_rows(env.from_path("live_windows"), 3) == {("a", START, "🔥"): (4,)}
