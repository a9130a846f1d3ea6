"""The tables have the contract's columns, and the views are right to read however often a row was replaced."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from contracts import tables
from tests.sql import crowd
from tests.sql.server import Server

pytestmark = pytest.mark.engine
CONTRACT = {
    tables.REACTION_WINDOWS: tables.REACTION_WINDOWS_COLUMNS,
    tables.REACTION_MINUTES: tables.REACTION_MINUTES_COLUMNS,
    tables.REACTION_HOURS: tables.REACTION_HOURS_COLUMNS,
    tables.VIDEO_WINDOWS: tables.VIDEO_WINDOWS_COLUMNS,
    tables.REACTOR_SAMPLES: tables.REACTOR_SAMPLES_COLUMNS,
    tables.BALLOTS: tables.BALLOTS_COLUMNS,
    tables.STREAMS: tables.STREAMS_COLUMNS,
    tables.POLLS: tables.POLLS_COLUMNS,
}


@pytest.fixture(params=["replaced rows still there", "replaced rows merged"])
def any_client(request: pytest.FixtureRequest, server: Server) -> Iterator[Any]:
    """A client before and after the merge that removes what was replaced."""
    client = server.client()
    if request.param == "replaced rows merged":
        for table in CONTRACT:
            client.command(f"OPTIMIZE TABLE ovation.{table} FINAL")
        stored = client.command("SELECT count() FROM ovation.ballots")
        assert stored == len(crowd.BALLOTS_CAST)
    yield client
    client.close()


@pytest.mark.parametrize("table", CONTRACT)
def test_columns_of_the_contract(client: Any, table: str) -> None:
    # A materialized column is nobody's to write.
    named = (
        "SELECT name FROM system.columns "
        "WHERE database = 'ovation' AND table = {table:String} AND default_kind != 'MATERIALIZED'"
    )
    columns = {name for (name,) in client.query(named, {"table": table}).result_rows}
    assert columns == set(CONTRACT[table])


def test_the_schema_explains_itself(client: Any) -> None:
    silent = "FROM system.{} WHERE database = 'ovation' AND comment = ''"
    columns = f"SELECT table, name {silent.format('columns')} AND table IN {{tables:Array(String)}}"
    assert client.query(columns, {"tables": list(CONTRACT)}).result_rows == []
    assert client.query(f"SELECT name {silent.format('tables')}").result_rows == []


def test_each_window_is_counted_once(any_client: Any) -> None:
    found = any_client.query(
        "SELECT toUnixTimestamp(window_start) - {start:UInt32}, emoji, region, reactions FROM ovation.reactions "
        "WHERE stream_id = {stream:String} ORDER BY ALL",
        {"start": int(crowd.START.timestamp()), "stream": crowd.STREAM},
    )
    mine = (window for window in crowd.WINDOWS if window.stream_id == crowd.STREAM)
    assert found.result_rows == sorted((w.second, w.emoji, w.region, w.reactions) for w in mine)


@pytest.mark.parametrize(("view", "start"), [("minute", "toStartOfMinute"), ("hour", "toStartOfHour")])
def test_roll_ups_are_the_sums_of_the_windows(any_client: Any, view: str, start: str) -> None:
    rolled = any_client.query(f"SELECT * FROM ovation.reactions_by_{view} ORDER BY ALL").result_rows
    summed = any_client.query(
        f"SELECT stream_id, {start}(window_start) AS start, emoji, region, sum(reactions) FROM ovation.reactions "
        "GROUP BY ALL ORDER BY ALL"
    ).result_rows
    assert rolled == summed
    assert rolled


def test_the_video_has_the_taps_where_their_viewers_were(any_client: Any) -> None:
    found = any_client.query(
        "SELECT * FROM ovation.video_reactions WHERE stream_id = 'finals' ORDER BY ALL"
    ).result_rows
    expected: Counter[tuple[str, int, str, str]] = Counter()
    for window in crowd.WINDOWS:
        second = crowd.in_the_video(window)
        if second is not None:
            expected[window.stream_id, second * 1_000, window.emoji, window.region] += window.reactions
    assert found == sorted((*key, count) for key, count in expected.items())


def test_each_voter_is_one_row(any_client: Any) -> None:
    found = any_client.query(
        "SELECT voter, choices, attempts, outcome, receipt, toUnixTimestamp(counted_at) - {start:UInt32} AS counted "
        "FROM ovation.votes ORDER BY voter",
        {"start": int(crowd.START.timestamp())},
    )
    assert found.result_rows == [
        (cast.voter, list(cast.choices), cast.attempts, cast.outcome, cast.receipt, cast.counted_second)
        for cast in sorted(crowd.BALLOTS_CAST, key=lambda ballot: ballot.voter)
    ]


def test_results_count_each_ballot_once_and_list_options_without_votes(any_client: Any) -> None:
    found = any_client.query("SELECT option_id, text, votes, voters FROM ovation.poll_results ORDER BY option_id")
    voters = sum(1 for ballot in crowd.BALLOTS_CAST if ballot.choices)
    assert found.result_rows == [
        (option, text, sum(1 for ballot in crowd.BALLOTS_CAST if option in ballot.choices), voters)
        for option, text in crowd.OPTIONS.items()
    ]


def test_what_was_withdrawn_is_in_no_result_and_every_attempt_has_an_outcome(any_client: Any) -> None:
    odd = any_client.query(
        "SELECT voter FROM ovation.votes WHERE attempts != (outcome IN ('counted', 'withdrawn')) "
        "+ replaced + duplicate + late + invalid + ineligible OR (counted_at IS NULL) != (outcome != 'counted')"
    )
    assert odd.result_rows == []
    outcomes = any_client.query("SELECT outcome, count() FROM ovation.votes GROUP BY outcome").result_rows
    assert dict(outcomes) == Counter(cast.outcome for cast in crowd.BALLOTS_CAST)
    assert any_client.command("SELECT any(voters) FROM ovation.poll_results") == dict(outcomes)["counted"]


def test_a_replay_that_finds_an_earlier_first_vote_replaces_across_partitions(client: Any) -> None:
    insert = "INSERT INTO ovation.ballots (stream_id, poll_id, voter, choices, first_voted_at, outcome, version) VALUES"
    client.command(f"{insert} ('months', 'p', 'v', ['1'], '2026-02-01 00:00:00', 'counted', 1)")
    client.command(f"{insert} ('months', 'p', 'v', ['2'], '2026-01-31 23:59:59', 'counted', 2)")
    try:
        assert client.query("SELECT choices FROM ovation.votes WHERE stream_id = 'months'").result_rows == [(["2"],)]
        # The poll itself is not known: its result is there all the same, without texts.
        results = client.query(
            "SELECT option_id, text, votes, voters FROM ovation.poll_results WHERE stream_id = 'months'"
        )
        assert results.result_rows == [("2", "", 1, 1)]
    finally:
        client.command("DELETE FROM ovation.ballots WHERE stream_id = 'months'")


def test_a_view_reads_one_poll_and_not_the_table(client: Any) -> None:
    plan = client.query(
        "EXPLAIN indexes = 1 SELECT * FROM ovation.poll_results WHERE stream_id = 'a' AND poll_id = 'b'"
    )
    text = "\n".join(row[0] for row in plan.result_rows)
    assert text.count("Condition: and((poll_id in ['b', 'b']), (stream_id in ['a', 'a']))") == 3, text
