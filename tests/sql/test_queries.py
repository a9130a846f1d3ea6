"""Every query in `sql/queries` against numbers that Python counted, and against the example in its own comment."""

import datetime as dt
import json
import re
import urllib.parse
import urllib.request
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.sql import crowd
from tests.sql.server import QUERIES, Server

pytestmark = pytest.mark.engine
FILES = sorted(QUERIES.glob("*.sql"))


def post(server: Server, parameters: dict[str, str], body: str) -> str:
    url = f"{server.url}/?{urllib.parse.urlencode(parameters)}"
    with urllib.request.urlopen(url, data=body.encode(), timeout=30) as answer:
        return str(answer.read().decode())


def rows(server: Server, name: str, **parameters: Any) -> list[dict[str, Any]]:
    given = {f"param_{key}": str(value) for key, value in parameters.items()}
    settings = {"default_format": "JSONEachRow", "output_format_json_quote_64bit_integers": "0"}
    answer = post(server, settings | given, (QUERIES / f"{name}.sql").read_text())
    return [json.loads(line) for line in answer.splitlines()]


def time(second: int, digits: str = "") -> str:
    return (crowd.START + dt.timedelta(seconds=second)).strftime("%Y-%m-%d %H:%M:%S") + digits


@pytest.mark.parametrize("path", FILES, ids=[path.stem for path in FILES])
def test_the_example_in_the_comment_is_what_the_query_answers(server: Server, path: Path) -> None:
    text = path.read_text()
    example = re.search(r"^-- Example: (.+)$", text, re.MULTILINE)
    assert example
    shown = "".join(re.findall(r"^--   (\|.*\n)", text, re.MULTILINE))
    parameters = dict(urllib.parse.parse_qsl(example[1]))
    assert post(server, parameters | {"default_format": "Markdown"}, text) == shown
    declared = set(re.findall(r"^--   (\w+) +[A-Z]\w+  ", text, re.MULTILINE))
    assert declared == {name.removeprefix("param_") for name in parameters} == set(re.findall(r"\{(\w+):", text))


def test_timeline(server: Server) -> None:
    expected = [
        {"step_start": time(start), "taps": sum(by_emoji.values()), "by_emoji": dict(sorted(by_emoji.items()))}
        for start in range(0, 240, 30)
        if (by_emoji := _by_emoji(range(start, start + 30))) is not None
    ]
    assert rows(server, "reactions_timeline", stream_id=crowd.STREAM, step_s=30) == expected
    assert [row["taps"] for row in expected].count(0) == 2, "the quiet minute is shown as such"


def test_emoji_totals(server: Server) -> None:
    totals = _by_emoji(range(240))
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
    moments = {start: _by_emoji(range(start, start + 5)) for start in range(0, 240, 5)}
    loudest = sorted(moments, key=lambda start: (-moments[start].total(), start))[:4]
    found = rows(server, "peak_moments", stream_id=crowd.STREAM, step_s=5, top=4)
    assert [(row["moment"], row["taps"]) for row in found] == [(time(s), moments[s].total()) for s in loudest]
    assert loudest[0] == 95
    assert all(row["leader_taps"] == max(moments[s].values()) for row, s in zip(found, loudest, strict=True))


def test_poll_result(server: Server) -> None:
    votes = Counter(option for ballot in crowd.BALLOTS_CAST for option in ballot.choices)
    voters = sum(1 for ballot in crowd.BALLOTS_CAST if ballot.choices)
    assert rows(server, "poll_result", stream_id=crowd.STREAM, poll_id=crowd.POLL) == [
        {
            "option_id": option,
            "text": text,
            "votes": votes[option],
            "percent_of_voters": round(100 * votes[option] / voters, 1),
            "voters": voters,
        }
        for option, text in sorted(crowd.OPTIONS.items(), key=lambda item: (-votes[item[0]], item[0]))
    ]


def test_turnout_accounts_for_every_vote_received(server: Server) -> None:
    cast = crowd.BALLOTS_CAST
    [row] = rows(server, "poll_turnout", stream_id=crowd.STREAM)
    assert row == {
        "poll_id": crowd.POLL,
        "viewers": len(cast),
        "received": sum(ballot.attempts for ballot in cast),
        **{name: sum(ballot.outcome == name for ballot in cast) for name in ("counted", "withdrawn")},
        **{
            name: sum(getattr(ballot, name) for ballot in cast)
            for name in ("replaced", "duplicate", "late", "invalid", "ineligible")
        },
        "double_voters": sum(1 for ballot in cast if ballot.duplicate),
        "most_attempts": max(ballot.attempts for ballot in cast),
    }
    outcomes = ("counted", "replaced", "withdrawn", "duplicate", "late", "invalid", "ineligible")
    assert all(row[outcome] for outcome in outcomes)
    assert row["received"] == sum(row[outcome] for outcome in outcomes)


def test_votes_over_time(server: Server) -> None:
    cast = Counter(
        (ballot.counted_second // 4 * 4, option)
        for ballot in crowd.BALLOTS_CAST
        if ballot.counted_second is not None
        for option in ballot.choices
    )
    so_far: Counter[str] = Counter()
    expected = []
    for second, option in sorted(cast):
        so_far[option] += cast[second, option]
        step = {"step_start": time(second), "option_id": option, "votes": cast[second, option]}
        expected.append(step | {"votes_so_far": so_far[option]})
    assert rows(server, "votes_over_time", stream_id=crowd.STREAM, poll_id=crowd.POLL, step_s=4) == expected


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


def _by_emoji(seconds: range) -> Counter[str]:
    counted: Counter[str] = Counter()
    for (second, emoji), taps in crowd.taps().items():
        if second in seconds:
            counted[emoji] += taps
    return counted
