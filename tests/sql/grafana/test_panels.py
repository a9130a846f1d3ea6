"""Every panel's SQL against the engine, asked by the user that can only read, and held against what Python counted."""

import base64
import datetime as dt
import json
import urllib.parse
import urllib.request
from collections import Counter
from typing import Any

import pytest

from local.clickhouse.users import READER
from tests.sql import crowd
from tests.sql.asking import rows, time
from tests.sql.grafana.boards import ALL, BOARDS, CLICKHOUSE, Look, Target, board, filled, targets
from tests.sql.server import Server

pytestmark = pytest.mark.engine

TARGETS = {str(target): target for target in targets(CLICKHOUSE)}
LOOK = Look(
    begins=crowd.START,
    ends=crowd.START + dt.timedelta(seconds=240),
    interval_s=30,
    variables={"stream": crowd.STREAM, "poll": crowd.POLL},
)


def ask(server: Server, sql: str) -> list[dict[str, Any]]:
    """Return an answer's rows, asked as Grafana's data source does: as the reader, over HTTP."""
    settings = {"default_format": "JSONEachRow", "output_format_json_quote_64bit_integers": "0"}
    url = f"{server.url}/?{urllib.parse.urlencode(settings)}"
    credentials = base64.b64encode(f"{READER}:any".encode()).decode()
    request = urllib.request.Request(url, sql.encode(), {"Authorization": f"Basic {credentials}"})
    with urllib.request.urlopen(request, timeout=30) as answer:
        return [json.loads(line) for line in answer.read().decode().splitlines()]


def show(server: Server, name: str, look: Look = LOOK) -> list[dict[str, Any]]:
    return ask(server, filled(TARGETS[name].query["rawSql"], look))


def by_step(step_s: int = 30) -> dict[tuple[str, str], int]:
    counted: Counter[tuple[str, str]] = Counter()
    for (second, emoji), taps in crowd.taps().items():
        counted[time(second // step_s * step_s), emoji] += taps
    return dict(sorted(counted.items()))


@pytest.mark.parametrize("target", TARGETS.values(), ids=str)
def test_every_query_is_answered(server: Server, target: Target) -> None:
    answer = ask(server, filled(target.query["rawSql"], LOOK))
    assert answer, "the made-up evening has something for each"
    if target.query["format"] == 0:
        assert "time" in answer[0], "a series needs a time"
        assert [row["time"] for row in answer] == sorted(row["time"] for row in answer)


@pytest.mark.parametrize("name", [name for name, each in TARGETS.items() if "singlequote" in each.query["rawSql"]])
def test_a_name_is_never_sql(server: Server, name: str) -> None:
    evil = Look(LOOK.begins, LOOK.ends, 30, {"stream": "x') OR (1=1", "poll": "x' OR '1'='1"})
    assert not any(value for row in show(server, name, evil) for value in row.values() if isinstance(value, int))


@pytest.mark.parametrize("path", BOARDS, ids=lambda path: path.stem)
def test_variables_are_offered_by_id_and_name(server: Server, path: Any) -> None:
    for variable in board(path)["templating"]["list"]:
        query = variable["query"].replace("status = 'live'", "1")
        offered = [tuple(row.values()) for row in ask(server, filled(query, LOOK))]
        wanted = {"stream": (crowd.STREAM, "The finals"), "poll": (crowd.POLL, "Player of the match?")}
        assert wanted[variable["name"]] in offered


@pytest.mark.parametrize("name", ["past_stream: Timeline", "past_stream: Emoji mix", "live: Taps by emoji"])
def test_timelines(server: Server, name: str) -> None:
    found = {(row["time"], row["emoji"]): row["taps"] for row in show(server, name)}
    assert found == by_step()


def test_all_streams_at_once(server: Server) -> None:
    every = Look(LOOK.begins, LOOK.ends, 300, {"stream": ALL})
    found = sum(row["taps"] for row in show(server, "live: Taps by emoji", every))
    assert found == crowd.taps().total() + crowd.taps(crowd.OTHER).total()
    two = Look(LOOK.begins, LOOK.ends, 300, {"stream": [crowd.STREAM, crowd.OTHER]})
    assert found == sum(row["taps"] for row in show(server, "live: Taps by emoji", two))


def test_a_part_of_the_time(server: Server) -> None:
    part = Look(LOOK.begins + dt.timedelta(seconds=60), LOOK.begins + dt.timedelta(seconds=119), 30, LOOK.variables)
    found = {(row["time"], row["emoji"]): row["taps"] for row in show(server, "past_stream: Timeline", part)}
    assert found == {key: taps for key, taps in by_step().items() if time(60) <= key[0] < time(120)}


def test_numbers_of_a_stream(server: Server) -> None:
    by_second: Counter[int] = Counter()
    for (second, _), taps in crowd.taps().items():
        by_second[second] += taps
    assert show(server, "past_stream: In numbers") == [
        {
            "taps": by_second.total(),
            "loudest_second": max(by_second.values()),
            "loudest_at_s": 95,
            "seconds_with_taps": len(by_second),
            "viewers_who_voted": len(crowd.BALLOTS_CAST),
        }
    ]


def test_loudest_streams(server: Server) -> None:
    found = [(row["stream_id"], row["title"], row["taps"]) for row in show(server, "live: Loudest streams")]
    assert found == [
        (crowd.STREAM, "The finals", crowd.taps().total()),
        (crowd.OTHER, "Rehearsal", crowd.taps(crowd.OTHER).total()),
    ]


def test_the_list_of_streams_leads_to_their_time(server: Server) -> None:
    finals = next(row for row in show(server, "past_stream: Streams") if row["stream_id"] == crowd.STREAM)
    assert finals["from_ms"] == int(crowd.START.timestamp() * 1000)
    assert finals["to_ms"] > finals["from_ms"]


def test_emojis(server: Server) -> None:
    totals: Counter[str] = Counter()
    for (_, emoji), taps in crowd.taps().items():
        totals[emoji] += taps
    found = [(row["emoji"], row["taps"]) for row in show(server, "past_stream: Emojis")]
    assert found == totals.most_common()


def test_moments_are_those_of_the_query(server: Server) -> None:
    found = show(server, "past_stream: Moments")
    whole = {"since": time(0), "until": time(240)}
    assert found == rows(server, "moments", stream_id=crowd.STREAM, step_s=10, score=5, top=20, **whole)
    assert found[0]["begins"] <= time(95) < found[0]["ends"]


def test_turnout_is_that_of_the_query(server: Server) -> None:
    [found] = show(server, "past_stream: Polls and turnout")
    assert (found.pop("question"), found.pop("status")) == ("Player of the match?", "open")
    [expected] = rows(server, "poll_turnout", stream_id=crowd.STREAM)
    assert found == {name: expected[name] for name in found}
    assert found["received"] == sum(ballot.attempts for ballot in crowd.BALLOTS_CAST)


def test_result_and_course_of_a_poll(server: Server) -> None:
    votes = Counter(choice for ballot in crowd.BALLOTS_CAST for choice in ballot.choices)
    found = show(server, "past_stream: Result of the poll")
    assert {row["text"]: row["votes"] for row in found} == {text: votes[id_] for id_, text in crowd.OPTIONS.items()}
    course = show(server, "past_stream: Course of the poll")
    last = {row["option"]: row["votes_so_far"] for row in course}
    assert last == {text: votes[id_] for id_, text in crowd.OPTIONS.items() if votes[id_]}
    assert all(row["votes_so_far"] <= last[row["option"]] for row in course)


def test_ballots_of_the_last_minutes(server: Server) -> None:
    counted = [ballot for ballot in crowd.BALLOTS_CAST if ballot.counted_second is not None]
    found = show(server, "live: Ballots by poll")
    assert {row["poll"] for row in found} == {crowd.POLL}
    assert sum(row["ballots"] for row in found) == len(counted)


def test_late_and_duplicate(server: Server) -> None:
    found = show(server, "past_stream: Late and duplicate votes")
    for kind in ("late", "duplicate", "invalid", "ineligible"):
        assert sum(row[kind] for row in found) == sum(getattr(ballot, kind) for ballot in crowd.BALLOTS_CAST)


def test_what_it_costs(server: Server) -> None:
    bytes_of = {row["table"]: row["bytes"] for row in show(server, "past_stream: Data on disk")}
    assert bytes_of["reaction_windows"] > 0
    found = {row["kind"]: row["rows"] for row in show(server, "past_stream: Rows of the stream")}
    windows = sum(window.stream_id == crowd.STREAM for window in crowd.WINDOWS)
    assert found == {"windows": windows, "ballots": len(crowd.BALLOTS_CAST)}


def test_what_nobody_fills_in_is_noticed() -> None:
    for sql in ("SELECT $__unknown(x)", "SELECT ${stream}", "SELECT $stream"):
        with pytest.raises(ValueError, match="nothing that is filled in"):
            filled(sql, LOOK)
