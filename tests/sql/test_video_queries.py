"""What viewers reacted to, by where in the video they were: it is one moment for all, however far they lag."""

from collections import Counter

import pyarrow as pa
import pytest

from contracts.tables import REACTION_WINDOWS, VIDEO_WINDOWS
from tests.sql import crowd
from tests.sql.asking import rows
from tests.sql.server import Server

pytestmark = pytest.mark.engine
GOAL_S = 300
"""When in the video something happens, of which nobody could know before."""
LAGS_S = range(0, 45, 3)
BEGAN_MS = 1_700_000_000_000
"""In another season, so that no other test's streams have company."""


@pytest.fixture(scope="module")
def lagging(server: Server) -> str:
    """A stream of ten minutes: viewers lag by up to 42 s; all tap once a second, and ten times at the goal."""
    wall: Counter[int] = Counter()
    video: Counter[int] = Counter()
    for lag in LAGS_S:
        for second in range(600):
            taps = 10 if GOAL_S <= second < GOAL_S + 5 else 1
            wall[second + lag] += taps
            video[second] += taps
    client = server.client()
    for table, column, sums in ((REACTION_WINDOWS, "window_start", wall), (VIDEO_WINDOWS, "playback_ms", video)):
        starts = [second * 1_000 + (BEGAN_MS if sums is wall else 0) for second in sums]
        counts = pa.array(sums.values(), pa.uint64())
        same = {name: pa.array([value] * len(sums)) for name, value in (("emoji", "🔥"), ("region", "eu"))}
        start = pa.array(starts, pa.timestamp("ms", "UTC") if sums is wall else pa.uint32())
        columns = {"stream_id": pa.array(["lagging"] * len(sums)), column: start, **same}
        client.insert_arrow(f"ovation.{table}", pa.table({**columns, "reactions": counts, "version": counts}))
    client.close()
    return "lagging"


def test_a_goal_is_one_moment_of_the_video_where_the_wall_clock_smears_it(server: Server, lagging: str) -> None:
    wanted = {"stream_id": lagging, "step_s": 5, "top": 10}
    [moment] = rows(server, "video_moments", score=5, **wanted)
    assert (moment["begins_s"], moment["ends_s"], moment["peak_s"]) == (GOAL_S, GOAL_S + 5, GOAL_S)
    assert moment["moment_taps"] == 5 * 10 * len(LAGS_S)
    span = {"since": "2023-11-14 22:13:20", "until": "2023-11-14 23:13:20"}
    by_wall = rows(server, "moments", score=2, **span, **wanted)
    assert sum(found["ends"] > found["begins"] for found in by_wall) == len(by_wall) > 0
    assert max(found["peak_score"] for found in by_wall) < moment["peak_score"] / 3


def test_the_timeline_of_the_video(server: Server, lagging: str) -> None:
    found = rows(server, "video_timeline", stream_id=lagging, since_s=GOAL_S - 10, until_s=GOAL_S + 10, step_s=10)
    assert [(row["at_s"], row["taps"]) for row in found] == [
        (GOAL_S - 10, 10 * len(LAGS_S)),
        (GOAL_S, (50 + 5) * len(LAGS_S)),
    ]
    assert found[0]["by_emoji"] == {"🔥": 10 * len(LAGS_S)}


def test_the_made_up_evening_has_its_taps_where_they_were(server: Server) -> None:
    expected: Counter[int] = Counter()
    for window in crowd.WINDOWS:
        second = crowd.in_the_video(window)
        if second is not None:
            expected[second // 5 * 5] += window.reactions
    found = rows(server, "video_timeline", stream_id=crowd.STREAM, since_s=0, until_s=604_800, step_s=5)
    assert {row["at_s"]: row["taps"] for row in found if row["taps"]} == dict(expected)
