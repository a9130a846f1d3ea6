import json
import random
from collections import Counter

import pytest
from pyflink.table import TableEnvironment

from contracts.events import ReactionsRecord
from contracts.limits import MAX_EMOJI_CHARS, MAX_EMOJIS
from contracts.windows import window_start
from jobs import reactions
from jobs.settings import JobSettings
from tests.jobs.conftest import Records, final_rows

START = 1_763_800_000_000
EMOJIS = [chr(0x1F600 + number) * MAX_EMOJI_CHARS for number in range(MAX_EMOJIS)]
"""As many as a stream may have, and each as long as it may be."""
pytestmark = pytest.mark.flink


def record(stream_id: str, at: int, counts: dict[str, int], region: str = "eu") -> ReactionsRecord:
    return {"v": 1, "stream_id": stream_id, "region": region, "edge": "gw-1", "at": at, "counts": counts}


def crowd(seed: int) -> list[ReactionsRecord]:
    """Taps of three streams over ten seconds, out of order, some of them a day late."""
    choose = random.Random(seed)
    taps = []
    for number in range(600):
        tapped = choose.sample(EMOJIS[:3], choose.randint(1, 3)) if number % 300 else EMOJIS
        counts = {emoji: choose.randint(1, 50) for emoji in tapped}
        at = START + choose.randrange(10_000) - choose.choice([0, 0, 0, 86_400_000])
        tap = record(choose.choice(["a", "b", "c"]), at, counts, choose.choice(["eu", "us"]))
        if choose.random() < 0.5:
            # Viewers lag by some seconds, each by something else.
            tap["video"] = {str(7_000 + choose.randrange(10)): dict(counts), "0": {EMOJIS[0]: 1}}
        taps.append(tap)
    return taps


def shown(env: TableEnvironment, query: str, key: int) -> dict[tuple[object, ...], int]:
    """Return the last number of each key, the first `key` columns, of a query over `reactions` by emoji."""
    table = env.sql_query(f"SELECT {query} CROSS JOIN UNNEST(reactions) AS r (emoji, taps)")
    # Tens of thousands of rows that replace each other: one by one, Python would be a minute at taking them.
    rows = list(table.to_pandas().itertuples(index=False, name=None))
    numbers = {row[:key]: row[key] for row in rows}
    assert len(numbers) == len(rows), "a key has one number that was not taken back"
    return numbers


def test_every_tap_is_in_its_window_and_in_its_total(
    env: TableEnvironment, records: Records, settings: JobSettings
) -> None:
    taps = crowd(seed=1)
    windows: Counter[tuple[str, int, str]] = Counter()
    totals: Counter[tuple[str, str]] = Counter()
    sums: Counter[tuple[str, str, int, str, str]] = Counter()
    for tap in taps:
        stream_id, region = tap["stream_id"], tap["region"]
        for emoji, count in tap["counts"].items():
            windows[stream_id, window_start(tap["at"]), emoji] += count
            totals[stream_id, emoji] += count
            for kind, length_ms in (("window", 1_000), ("minute", 60_000), ("hour", 3_600_000)):
                sums[kind, stream_id, tap["at"] // length_ms * length_ms, emoji, region] += count
        for second, counts in tap.get("video", {}).items():
            for emoji, count in counts.items():
                sums["video", stream_id, int(second) * 1000, emoji, region] += count

    reactions.define(env, [records(taps)], settings)

    assert shown(env, "stream_id, window_start, emoji, taps FROM live_windows", 3) == windows
    assert shown(env, "kind, stream_id, start_ms, emoji, region, taps FROM history_sums", 5) == sums
    assert {kind for kind, *_ in sums} == {"window", "minute", "hour", "video"}
    assert shown(env, "stream_id, emoji, taps FROM live_totals", 2) == totals
    newest = final_rows(env.sql_query("SELECT stream_id, newest_window FROM live_totals"), 1)
    assert set(newest.values()) == {(window_start(START + 9_999),)}


def test_what_breaks_a_rule_counts_not_at_all(env: TableEnvironment, records: Records, settings: JobSettings) -> None:
    good = record("a", START, {"🔥": 1})
    lines = [
        "not json",
        "[]",
        "",
        {**good, "v": 2},
        {**good, "stream_id": None},
        {**good, "at": 17},
        {**good, "counts": {"🔥": 4, "👏": 0}},
        {**good, "counts": {"🔥": 4, "👏": 10**12}},
        {**good, "video": {"8": {"🔥": 4}, "x": {"🔥": 1}}},
        {**good, "reactors": {"level": 77, "hashes": [6]}},
        json.dumps(good) + " {}",
        {**good, "counts": {"🔥": 4}, "new": {"field": [1, {"of": None}]}},
    ]
    reactions.define(env, [records(lines)], settings)
    assert shown(env, "stream_id, window_start, emoji, taps FROM live_windows", 3) == {("a", START, "🔥"): 4}


def test_reactors_are_passed_on_as_the_gateway_chose_them(
    env: TableEnvironment, records: Records, settings: JobSettings
) -> None:
    lines = [
        {**record("a", START, {"🔥": 1}), "reactors": {"level": 2, "hashes": [5, (1 << 52) - 1]}},
        {**record("a", START + 60_000, {"🔥": 1}), "reactors": {"level": 0, "hashes": [5]}},
        record("b", START, {"🔥": 1}),
    ]
    reactions.define(env, [records(lines)], settings)
    minute = START // 60_000 * 60_000
    assert final_rows(env.from_path("reactor_samples"), 3) == {
        ("a", minute, 5): (2,),
        ("a", minute, (1 << 52) - 1): (2,),
        ("a", minute + 60_000, 5): (0,),
    }
