"""The history over HTTP, against a real ClickHouse; the test plays the jobs that write it."""

import datetime as dt
from typing import Any

import pytest

from contracts.tables import DATABASE, REACTION_MINUTES, REACTION_WINDOWS, VIDEO_WINDOWS
from gateway.receipts.ulids import Ulids
from tests.gateway.api import Answer, Api
from tests.gateway.history.engine import clickhouse
from tests.gateway.history.over_http import api, client, url
from tests.gateway.history.rows import put_voter

pytestmark = pytest.mark.engine

__all__ = ["api", "clickhouse", "client", "url"]


async def ask(api: Api, stream: str, path: str, **options: Any) -> Answer:
    return await api.call("GET", f"/v1/streams/{stream}/history/{path}", **options)


async def created_at(api: Api, stream: str) -> int:
    return int((await api.call("GET", f"/v1/streams/{stream}")).body["created_at"]) // 1000 * 1000


def write(client: Any, stream: str, begin_ms: int, taps: dict[int, dict[str, int]]) -> None:
    """Write windows, each twice: the row with the larger version stands."""
    names = ("stream_id", "window_start", "emoji", "region", "reactions", "version")
    rows = [
        (
            stream,
            dt.datetime.fromtimestamp(begin_ms // 1000 + second, dt.UTC),
            emoji,
            "eu",
            count // part,
            count // part,
        )
        for second, counts in taps.items()
        for emoji, count in counts.items()
        for part in (1, 2)
    ]
    client.insert(REACTION_WINDOWS, rows, column_names=names, database=DATABASE)


async def test_reactions_by_step(api: Api, client: Any) -> None:
    stream = await api.stream()
    begin_ms = await created_at(api, stream)
    write(client, stream, begin_ms, {0: {"🔥": 2, "👏": 4}, 1: {"🔥": 6}, 25: {"👏": 8}})
    answer = await ask(api, stream, f"reactions?from={begin_ms}&to={begin_ms + 60_000}&step=1")
    assert answer.status == 200
    assert [
        (step["start"] - begin_ms, step["taps"], step["counts"]) for step in answer.body["steps"] if step["taps"]
    ] == [
        (0, 6, {"🔥": 2, "👏": 4}),
        (1_000, 6, {"🔥": 6}),
        (25_000, 8, {"👏": 8}),
    ]
    assert (answer.body["from"], answer.body["to"], answer.body["step_s"]) == (begin_ms, begin_ms + 60_000, 1)
    part = await ask(api, stream, f"reactions?from={begin_ms + 1_000}&to={begin_ms + 25_000}&step=1")
    assert [step["taps"] for step in part.body["steps"]] == [6]
    assert (await ask(api, await api.stream(), "reactions")).body["steps"] == []


async def test_long_steps_come_from_the_sums_by_minute(api: Api, client: Any) -> None:
    stream = await api.stream()
    begin_ms = await created_at(api, stream) // 60_000 * 60_000
    names = ("stream_id", "minute_start", "emoji", "region", "reactions", "version")
    minutes = [
        (stream, dt.datetime.fromtimestamp(begin_ms // 1000 + 60 * number, dt.UTC), "🔥", "eu", taps, taps)
        for number, taps in enumerate((3, 4, 5))
    ]
    client.insert(REACTION_MINUTES, minutes, column_names=names, database=DATABASE)
    answer = await ask(api, stream, f"reactions?from={begin_ms}&to={begin_ms + 180_000}&step=120")
    assert sum(step["taps"] for step in answer.body["steps"]) == 12
    whole = await ask(api, stream, "reactions?step=60")
    assert next(step["taps"] for step in whole.body["steps"]) == 3


async def test_by_the_video_s_clock(api: Api, client: Any) -> None:
    stream = await api.stream()
    names = ("stream_id", "playback_ms", "emoji", "region", "reactions", "version")
    taps = {second: 400 if second == 50 else 10 for second in range(100)}
    rows = [(stream, second * 1000, "🔥", "eu", count, count) for second, count in taps.items()]
    client.insert(VIDEO_WINDOWS, rows, column_names=names, database=DATABASE)
    part = await ask(api, stream, "reactions?clock=video&from=48000&to=52000&step=2")
    assert part.body["clock"] == "video"
    assert [(step["start"], step["taps"], step["counts"]) for step in part.body["steps"]] == [
        (48_000, 20, {"🔥": 20}),
        (50_000, 410, {"🔥": 410}),
    ]
    found = await ask(api, stream, "moments?clock=video&step=5")
    [moment] = found.body["moments"]
    assert (moment["begins"], moment["ends"], moment["at_s"], moment["taps"]) == (50_000, 55_000, 50, 440)


async def test_moments(api: Api, client: Any) -> None:
    stream = await api.stream()
    begin_ms = await created_at(api, stream)
    taps = {second: {"🔥": 10 + second % 3} for second in range(200)} | {
        second: {"👏": 400} for second in range(100, 110)
    }
    write(client, stream, begin_ms, taps)
    found = await ask(api, stream, "moments?step=5")
    [moment] = found.body["moments"]
    # Steps are whole: the burst may begin within one.
    assert moment["begins"] - begin_ms in range(95_001, 100_001)
    assert (moment["leader"], moment["at_s"] in range(94, 101), moment["score"] > 20) == ("👏", True, True)
    assert (await ask(api, stream, "moments?step=5&score=900")).body["moments"] == []
    assert len((await ask(api, stream, "moments?step=1&score=0.5&top=3")).body["moments"]) <= 3


async def test_how_a_poll_went(api: Api, client: Any) -> None:
    stream = await api.stream()
    poll = await api.poll(stream)
    opened = (await api.show(stream, poll)).body["opened_at"] // 10_000 * 10_000
    ulids = Ulids()
    for number, (second, option) in enumerate([(0, "1"), (1, "2"), (2, "1"), (12, "1")]):
        receipt = ulids.new(opened + second * 1000)
        put_voter(client, stream, poll, f"{number:022}", choices=[option], receipt=receipt)
    answer = await ask(api, stream, f"polls/{poll}/timeline?step=10")
    assert answer.body["steps"] == [
        {"start": opened, "votes": {"1": 2, "2": 1}, "so_far": {"1": 2, "2": 1}},
        {"start": opened + 10_000, "votes": {"1": 1}, "so_far": {"1": 3}},
    ]


async def test_who_has_a_copy_gets_none(api: Api, client: Any) -> None:
    stream = await api.stream()
    begin_ms = await created_at(api, stream)
    span = f"reactions?from={begin_ms}&to={begin_ms + 9_000}"
    first = await ask(api, stream, span)
    assert first.headers["cache-control"] == "private, no-cache"
    tag = {"if-none-match": first.headers["etag"]}
    assert (await ask(api, stream, span, headers=tag)).status == 304
    write(client, stream, begin_ms, {0: {"🔥": 2}})
    assert (await ask(api, stream, span, headers=tag)).status == 200


async def test_bad_questions(api: Api) -> None:
    stream = await api.stream()
    poll = await api.poll(stream)

    async def problem(path: str, **options: Any) -> tuple[str, str | None]:
        answer = await ask(api, stream, path, **options)
        return answer.problem, answer.body.get("field")

    assert await problem("reactions?clock=sun") == await problem("moments?clock=") == ("invalid-field", "clock")
    assert await problem("reactions?from=2&to=1") == ("reversed-span", "to")
    assert await problem("reactions?from=0") == ("wide-span", "to")
    assert await problem("reactions?from=1763800000000&to=1763886400000&step=1") == ("too-many-steps", "step")
    for path in ("reactions?step=0", "reactions?step=x", "moments?step=86401", f"polls/{poll}/timeline?step=-1"):
        assert await problem(path) == ("invalid-field", "step")
    for score in ("x", "nan", "inf", "0", "-1"):
        assert await problem(f"moments?score={score}") == ("invalid-field", "score")
    assert await problem("moments?top=101") == ("invalid-field", "top")
    assert await problem("polls/none/timeline") == ("unknown-poll", None)
    assert (await ask(api, "none", "reactions")).problem == "unknown-stream"
    token = await api.token(stream)
    assert await problem("reactions", token=token) == ("bad-api-key", None)
    hostile = "1) UNION ALL SELECT 1 --"
    assert await problem(f"reactions?step={hostile}") == ("invalid-field", "step")
