"""Queries about reactions, against numbers that Python counted."""

import datetime as dt
import statistics
from collections import Counter
from itertools import pairwise
from typing import Any

import pytest

from tests.sql import crowd
from tests.sql.asking import rows, time
from tests.sql.server import Server

pytestmark = pytest.mark.engine


def by_emoji(seconds: range) -> Counter[str]:
    counted: Counter[str] = Counter()
    for (second, emoji), taps in crowd.taps().items():
        if second in seconds:
            counted[emoji] += taps
    return counted


def test_timeline(server: Server) -> None:
    expected = [
        {"step_start": time(start), "taps": sum(mix.values()), "by_emoji": dict(sorted(mix.items()))}
        for start in range(0, 240, 30)
        if (mix := by_emoji(range(start, start + 30))) is not None
    ]
    whole = {"since": time(0), "until": time(240)}
    assert rows(server, "reactions_timeline", stream_id=crowd.STREAM, step_s=30, **whole) == expected
    part = {"since": time(30), "until": time(90)}
    assert rows(server, "reactions_timeline", stream_id=crowd.STREAM, step_s=30, **part) == expected[1:3]
    assert [row["taps"] for row in expected].count(0) == 2, "the quiet minute is shown as such"


def test_emoji_totals(server: Server) -> None:
    totals = by_emoji(range(240))
    expected = [
        {
            "emoji": emoji,
            "taps": taps,
            "percent": round(100 * taps / totals.total(), 1),
            "first_window": time(0, ".000"),
            "last_window": time(235, ".000"),
        }
        for emoji, taps in totals.most_common()
    ]
    assert rows(server, "emoji_totals", stream_id=crowd.STREAM) == expected


def test_peak_moments(server: Server) -> None:
    moments = {start: by_emoji(range(start, start + 5)) for start in range(0, 240, 5)}
    loudest = sorted(moments, key=lambda start: (-moments[start].total(), start))[:4]
    found = rows(server, "peak_moments", stream_id=crowd.STREAM, step_s=5, top=4)
    assert [(row["moment"], row["taps"]) for row in found] == [(time(s), moments[s].total()) for s in loudest]
    assert loudest[0] == 95
    assert all(row["leader_taps"] == max(moments[s].values()) for row, s in zip(found, loudest, strict=True))


def test_top_streams_in_a_span(server: Server) -> None:
    span = range(10, 40)
    taps = {
        name: sum(n for (second, _), n in crowd.taps(name).items() if second in span)
        for name in (crowd.STREAM, crowd.OTHER)
    }
    ballots = sum(1 for ballot in crowd.BALLOTS_CAST if ballot.choices and ballot.first_second in span)
    found = rows(server, "top_streams", since=time(span.start), until=time(span.stop), top=10)
    assert found == [
        {"stream_id": crowd.STREAM, "title": "The finals", "taps": taps[crowd.STREAM], "ballots": ballots},
        {"stream_id": crowd.OTHER, "title": "Rehearsal", "taps": taps[crowd.OTHER], "ballots": 0},
    ]


EVENING = {"since": time(0), "until": time(3_600)}


def test_moments_stand_out_by_median_and_mad(server: Server) -> None:
    steps = {start: by_emoji(range(start, start + 5)).total() for start in range(0, 240, 5)}
    median = statistics.median_high(steps.values())
    deviation = max(1.4826 * statistics.median_high(abs(n - median) for n in steps.values()), median**0.5, 1)
    scores = {start: (taps - median) / deviation for start, taps in steps.items()}
    loud = sorted(start for start, score in scores.items() if score >= 0.5)
    moments = [[loud[0]]]
    for before, start in pairwise(loud):
        if start - before > 5:
            moments.append([])
        moments[-1].append(start)
    expected: list[dict[str, Any]] = [
        {
            "begins": time(moment[0]),
            "ends": time(moment[-1] + 5),
            "at_s": moment[0],
            "moment_taps": sum(steps[start] for start in moment),
            "peak": time(max(moment, key=lambda start: steps[start])),
            "peak_score": round(max(scores[start] for start in moment), 1),
        }
        for moment in moments
    ]
    assert any(len(moment) > 1 for moment in moments), "neighbouring steps are one moment"
    expected.sort(key=lambda moment: (-moment["peak_score"], moment["begins"]))
    found = rows(server, "moments", stream_id=crowd.STREAM, step_s=5, score=0.5, top=100, **EVENING)
    assert [{name: row[name] for name in expected[0]} for row in found] == expected
    assert found[0]["begins"] <= time(95) < found[0]["ends"]


def test_a_stream_without_bursts_has_no_moments(server: Server) -> None:
    assert rows(server, "moments", stream_id=crowd.OTHER, step_s=5, score=5, top=100, **EVENING) == []
    assert rows(server, "moments", stream_id="nobody", step_s=5, score=5, top=100, **EVENING) == []
    assert rows(server, "video_moments", stream_id=crowd.OTHER, step_s=5, score=5, top=100) == []


def test_the_mix_of_each_step_is_whole(server: Server) -> None:
    found = rows(server, "emoji_mix_over_time", stream_id=crowd.STREAM, step_s=30)
    expected = [
        {"step_start": time(start), "emoji": emoji, "taps": taps, "percent": round(100 * taps / mix.total(), 1)}
        for start in range(0, 240, 30)
        if (mix := by_emoji(range(start, start + 30)))
        for emoji, taps in sorted(mix.items(), key=lambda item: (-item[1], item[0]))
    ]
    assert found == expected


def test_sentiment_is_what_the_caller_says_of_each_emoji(server: Server) -> None:
    found = rows(
        server, "sentiment_over_time", stream_id=crowd.STREAM, step_s=60, positive="['👏','🎉']", negative="['🔥']"
    )
    mixes = {start: mix for start in range(0, 240, 60) if (mix := by_emoji(range(start, start + 60)))}
    assert found == [
        {
            "step_start": time(start),
            "approving": mix["👏"],
            "disapproving": mix["🔥"],
            "neutral": 0,
            "percent_approving": round(100 * mix["👏"] / mix.total(), 1),
        }
        for start, mix in mixes.items()
    ]
    neutral = rows(server, "sentiment_over_time", stream_id=crowd.STREAM, step_s=60, positive="[]", negative="[]")
    assert [(row["neutral"], row["percent_approving"]) for row in neutral] == [
        (mix.total(), None) for mix in mixes.values()
    ]


def test_regions_add_up(server: Server) -> None:
    taps: Counter[str] = Counter()
    for window in crowd.WINDOWS:
        if window.stream_id == crowd.STREAM:
            taps[window.region] += window.reactions
    found = rows(server, "reactions_by_region", stream_id=crowd.STREAM)
    assert {row["region"]: row["taps"] for row in found} == taps


def test_silence_is_between_two_taps(server: Server) -> None:
    tapped = sorted({second for second, _ in crowd.taps()})
    expected: list[dict[str, Any]] = [
        {"silent_from": time(one + 1, ".000"), "silent_until": time(other, ".000"), "seconds": other - one - 1}
        for one, other in pairwise(tapped)
        if other - one - 1 > 3
    ]
    expected.sort(key=lambda span: (-span["seconds"], span["silent_from"]))
    assert rows(server, "quiet_spans", stream_id=crowd.STREAM, longer_s=3) == expected
    assert expected[0]["seconds"] == 64


def test_two_streams_side_by_side(server: Server) -> None:
    found = rows(server, "compare_streams", stream_id=crowd.STREAM, other_id=crowd.OTHER, step_s=20)
    one, other = (
        Counter(
            {
                start: sum(n for (s, _), n in crowd.taps(name).items() if s // 20 * 20 == start)
                for start in range(0, 240, 20)
            }
        )
        for name in (crowd.STREAM, crowd.OTHER)
    )
    assert [(row["at_s"], row["taps"], row["other_taps"]) for row in found] == [
        (start, one[start], other[start]) for start in range(0, 240, 20) if one[start] or other[start]
    ]
    assert (found[-1]["taps_so_far"], found[-1]["other_so_far"]) == (one.total(), other.total())


def test_the_season_is_ranked(server: Server) -> None:
    found = rows(server, "season_leaderboard", since=time(0), until=time(3_600), top=5)
    expected = []
    for name in (crowd.STREAM, crowd.OTHER):
        seconds: Counter[int] = Counter()
        for (second, _), taps in crowd.taps(name).items():
            seconds[second] += taps
        expected.append((name, seconds.total(), max(seconds.values()), max(seconds) - min(seconds) + 1))
    assert [(row["stream_id"], row["taps"], row["loudest_second"], row["seconds"]) for row in found] == expected
    assert [row["place"] for row in found] == [1, 2]
    before = (crowd.START - dt.timedelta(days=1)).strftime("%Y-%m-%d %H:%M:%S")
    assert rows(server, "season_leaderboard", since=before, until=time(0), top=5) == []


def test_what_the_data_costs(server: Server) -> None:
    found = rows(server, "data_cost", table_name="reaction_windows")
    tables = {row["table"]: row for row in found if not row["column"]}
    assert {"reaction_windows", "ballots", "streams", "polls"} <= tables.keys()
    # Replaced rows cost until they are merged.
    assert tables["reaction_windows"]["stored_rows"] >= len(crowd.WINDOWS)
    assert all(row["bytes"] > 0 for row in tables.values())
    assert {row["table"] for row in found if row["column"]} == {"reaction_windows"}
