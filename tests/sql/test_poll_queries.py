"""Queries about polls, against numbers that Python counted."""

import statistics
from collections import Counter, defaultdict

import pytest

from tests.sql import crowd
from tests.sql.asking import rows, time
from tests.sql.server import Server

pytestmark = pytest.mark.engine
POLL = {"stream_id": crowd.STREAM, "poll_id": crowd.POLL}
COUNTED = [ballot for ballot in crowd.BALLOTS_CAST if ballot.outcome == "counted"]


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


def test_votes_by_region(server: Server) -> None:
    received, viewers, elsewhere = Counter[str](), Counter[str](), Counter[str]()
    for ballot in crowd.BALLOTS_CAST:
        received += Counter(ballot.attempts_in)
        viewers.update(list(ballot.attempts_in))
        elsewhere.update(list(ballot.attempts_in) if len(ballot.attempts_in) > 1 else ())
    assert rows(server, "votes_by_region", **POLL) == [
        {"region": each, "received": received[each], "viewers": viewers[each], "also_elsewhere": elsewhere[each]}
        for each in ("eu", "us")
    ]
    assert elsewhere["eu"] == elsewhere["us"] == sum(1 for ballot in crowd.BALLOTS_CAST if ballot.duplicate)
    assert received.total() == sum(ballot.attempts for ballot in crowd.BALLOTS_CAST)


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


def test_time_to_vote(server: Server) -> None:
    waits: dict[str, list[int]] = defaultdict(list)
    for ballot in COUNTED:
        for option in ballot.choices:
            waits[option].append(ballot.first_second)
    found = rows(server, "time_to_vote", **POLL)
    assert [(row["option_id"], row["votes"]) for row in found] == [(o, len(waits[o])) for o in sorted(waits)]
    for row in found:
        inner = sorted(waits[row["option_id"]])
        quantiles = [inner[int(level * len(inner))] for level in (0.1, 0.5, 0.9, 0.99)]
        assert row["p10_p50_p90_p99_s"] == quantiles


def test_double_votes(server: Server) -> None:
    tried: dict[int, list[int]] = defaultdict(list)
    for ballot in crowd.BALLOTS_CAST:
        if ballot.duplicate:
            tried[ballot.duplicate].append(ballot.last_second - ballot.first_second)
    assert rows(server, "double_votes", **POLL) == [
        {
            "refused_votes": refused,
            "viewers": len(waits),
            "refused_in_all": refused * len(waits),
            "median_s_after_first": statistics.median(waits),
        }
        for refused, waits in sorted(tried.items())
    ]


def test_suspected_bots(server: Server) -> None:
    seconds: dict[int, Counter[tuple[str, ...]]] = defaultdict(Counter)
    for ballot in COUNTED:
        seconds[ballot.first_second][ballot.choices] += 1
    usual = statistics.median_high(mix.total() for mix in seconds.values())
    expected = {
        time(second, ".000"): mix.total()
        for second, mix in seconds.items()
        if mix.total() / usual >= 3 and max(mix.values()) / mix.total() >= 0.6
    }
    found = rows(server, "suspected_bots", **POLL, times_usual=3, alike=60)
    assert {row["second"]: row["votes"] for row in found} == expected
    assert expected


def test_late_swing(server: Server) -> None:
    cast = [(b.counted_second, option) for b in COUNTED if b.counted_second is not None for option in b.choices]
    end = max(second for second, _ in cast) - 10
    before = Counter(option for second, option in cast if second <= end)
    after = Counter(option for _, option in cast)

    def place(votes: Counter[str], option: str) -> int:
        return 1 + sum(votes[other] > votes[option] for other in after)

    found = rows(server, "late_swing", **POLL, last_s=10)
    assert {row["option_id"]: (row["votes_before"], row["votes"]) for row in found} == {
        option: (before[option], after[option]) for option in after
    }
    assert {row["option_id"]: (row["place_before"], row["place"]) for row in found} == {
        option: (place(before, option), place(after, option)) for option in after
    }
    assert [row["place"] for row in found] != [row["place_before"] for row in found], "the end decided"


def test_poll_winners(server: Server) -> None:
    votes = Counter(option for ballot in COUNTED for option in ballot.choices)
    (first, most), (_, second), *_ = votes.most_common()
    [row] = rows(server, "poll_winners", stream_id=crowd.STREAM)
    assert (row["leader"], row["votes"], row["ahead_by"]) == (crowd.OPTIONS[first], most, most - second)
    assert (row["voters"], row["question"]) == (len(COUNTED), "Player of the match?")
