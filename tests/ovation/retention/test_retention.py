"""`ovation retention` on an engine: what is older goes, what replaced it stays, and the sums outlive what they sum."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from contracts.tables import BALLOTS, REACTION_HOURS, REACTION_MINUTES, REACTION_WINDOWS, VIDEO_WINDOWS
from ovation.cli import app
from ovation.errors import OvationError
from ovation.migrations import migrate
from ovation.retention.kept import keep, kept
from ovation.retention.wishes import KINDS, Span, read_wishes
from tests.sql.server import MIGRATIONS, Server, running

pytestmark = pytest.mark.engine
NOW = dt.datetime.now(dt.UTC).replace(minute=0, second=0, microsecond=0)
OLD, NEW = NOW - dt.timedelta(days=100), NOW - dt.timedelta(days=20)
DONE = {"mutations_sync": 2}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running(tmp_path_factory.mktemp("retention")) as server:
        yield server


@pytest.fixture
def client(server: Server) -> Iterator[Any]:
    """A client of an engine with the tables, and nothing in them."""
    client = server.client()
    client.command("DROP DATABASE IF EXISTS ovation SYNC")
    migrate(server.url, "default", "", MIGRATIONS, lambda _: None)
    yield client
    client.close()


def say(server: Server, *words: str, answer: str = "") -> Result:
    env = {"OVATION_CLICKHOUSE_URL": server.url, "COLUMNS": "200"}
    return CliRunner().invoke(app, ["retention", *words], env=env, input=answer)


def taps(client: Any) -> None:
    """Two windows in one hour each: one old, one new, each written twice, in parts of their own."""
    for version in (3, 8):
        for table in (REACTION_WINDOWS, REACTION_MINUTES, REACTION_HOURS):
            rows = [["s", start, "🔥", "eu", version, version] for start in (OLD, NEW)]
            client.insert(f"ovation.{table}", rows)


def sums(client: Any) -> list[int]:
    views = ("reactions", "reactions_by_minute", "reactions_by_hour")
    return [int(client.command(f"SELECT sum(reactions) FROM ovation.{view}")) for view in views]


def merge(client: Any, table: str) -> None:
    """What ClickHouse does by itself some time."""
    client.command(f"OPTIMIZE TABLE ovation.{table} FINAL")


def ballot(client: Any, version: int, last: dt.datetime) -> None:
    columns = ["stream_id", "poll_id", "voter", "choices", "first_voted_at", "last_voted_at", "outcome", "version"]
    client.insert(f"ovation.{BALLOTS}", [["s", "p", "v", [str(version)], OLD, last, "counted", version]], columns)


def test_everything_is_kept_for_ever_until_somebody_says_otherwise(server: Server, client: Any) -> None:
    taps(client)
    shown = say(server)
    assert shown.exit_code == 0
    lines = [line for line in shown.output.splitlines() if "for ever" in line]
    assert len(lines) == len(KINDS)
    assert all(kind in line for kind, line in zip(KINDS, lines, strict=True))
    windows = kept(client)[0]
    assert (windows.span, windows.rows, windows.since) == (None, 4, f"{OLD:%Y-%m}")
    assert windows.bytes > 0


def test_old_windows_go_and_their_sums_stay(server: Server, client: Any) -> None:
    taps(client)
    assert sums(client) == [16, 16, 16]

    said = say(server, "windows=90d", "minutes=2y", "--yes")
    assert said.exit_code == 0, said.output
    assert "2 rows of windows are older than 90d and go." in said.output
    spans = {one.kind: one.words for one in kept(client)}
    assert (spans["windows"], spans["minutes"], spans["hours"]) == ("90d", "2y", "for ever")

    merge(client, REACTION_WINDOWS)
    assert client.command(f"SELECT count() FROM ovation.{REACTION_WINDOWS}") == 1
    assert sums(client) == [8, 16, 16]
    # What comes later and is already too old goes as well.
    client.insert(f"ovation.{REACTION_WINDOWS}", [["late", OLD, "🔥", "eu", 1, 1]])
    merge(client, REACTION_WINDOWS)
    assert sums(client) == [8, 16, 16]


def test_forever_ends_it(server: Server, client: Any) -> None:
    say(server, "windows=90d", "--yes")
    assert say(server, "windows=forever").exit_code == 0
    assert kept(client)[0].span is None
    taps(client)
    merge(client, REACTION_WINDOWS)
    assert sums(client)[0] == 16
    assert say(server, "windows=forever").exit_code == 0, "and there is nothing to end the second time"


def test_nothing_goes_without_a_yes(server: Server, client: Any) -> None:
    taps(client)
    assert say(server, "windows=90d", answer="n\n").exit_code == 1
    assert say(server, "windows=90d").exit_code == 1, "nobody is there to say it"
    assert kept(client)[0].span is None
    assert sums(client)[0] == 16
    assert say(server, "windows=2y").exit_code == 0, "nothing is so old"


def test_a_replaced_ballot_does_not_come_back(client: Any) -> None:
    client.command(f"SYSTEM STOP MERGES ovation.{BALLOTS}")
    ballot(client, 1, OLD)
    ballot(client, 2, NEW)
    choices = "SELECT choices FROM ovation.votes"
    for span, expected in ((Span(90, "d"), [(["2"],)]), (Span(10, "d"), [])):
        client.command(f"SYSTEM START MERGES ovation.{BALLOTS}")
        keep(client, "ballots", span)
        client.command(f"ALTER TABLE ovation.{BALLOTS} MATERIALIZE TTL", settings=DONE)
        assert client.query(choices).result_rows == expected
        merge(client, BALLOTS)
        assert client.query(choices).result_rows == expected


def test_the_video_clock_goes_by_when_it_was_stored(server: Server, client: Any) -> None:
    client.insert(f"ovation.{VIDEO_WINDOWS}", [["s", 0, "🔥", "eu", 5, 5]])
    say(server, "video=2w", "--yes")
    merge(client, VIDEO_WINDOWS)
    assert client.command("SELECT sum(reactions) FROM ovation.video_reactions") == 5
    # As if a month had gone by.
    client.command(f"ALTER TABLE ovation.{VIDEO_WINDOWS} MODIFY TTL toDateTime(stored_on) - toIntervalDay(16)")
    merge(client, VIDEO_WINDOWS)
    assert client.command("SELECT sum(reactions) FROM ovation.video_reactions") == 0
    [video] = [one for one in kept(client) if one.kind == "video"]
    assert video.words == "toDateTime(stored_on) - toIntervalDay(16)", "somebody else's rule is shown as it is"


def test_the_column_of_the_video_clock_comes_and_goes_with_a_rule_on_it(server: Server, client: Any) -> None:
    client.insert(f"ovation.{VIDEO_WINDOWS}", [["s", 0, "🔥", "eu", 5, 5]])
    for words in (["video=2w", "--yes"], []):
        say(server, *words)
        migrate(server.url, "default", "", MIGRATIONS, lambda _: None, to=9)
        assert "stored_on" not in client.command(f"SHOW CREATE TABLE ovation.{VIDEO_WINDOWS}")
        migrate(server.url, "default", "", MIGRATIONS, lambda _: None)
        assert client.command("SELECT sum(reactions) FROM ovation.video_reactions") == 5


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["windows"], "windows is not like windows=90d"),
        (["windows=90"], "windows=90 is not like"),
        (["windows=-90d"], "is not like"),
        (["windows=90d; DROP TABLE ovation.ballots"], "is not like"),
        (["windows=9d"], "windows can be kept for 10d to 50y, or forever."),
        (["windows=1w"], "10d to 50y"),
        (["windows=51y"], "10d to 50y"),
        (["windows=99999y"], "10d to 50y"),
        (["seconds=90d"], "seconds is none of windows, minutes, hours, video, reactors, ballots, streams, polls."),
        (["windows=90d", "windows=2y"], "windows is said twice."),
        (["polls=90d"], "polls are always kept"),
    ],
)
def test_what_cannot_be_meant(words: list[str], sentence: str) -> None:
    with pytest.raises(OvationError, match=sentence):
        read_wishes(words)


def test_every_bound_is_a_span() -> None:
    assert read_wishes(["windows=10d", "hours=50y", "streams=forever"]) == {
        "windows": Span(10, "d"),
        "hours": Span(50, "y"),
        "streams": None,
    }


def test_without_tables_it_says_what_makes_them(server: Server, client: Any) -> None:
    client.command("DROP DATABASE ovation SYNC")
    said = say(server)
    assert (said.exit_code, said.output) == (
        1,
        "There is no table ovation.reaction_windows: `ovation migrate` makes it.\n",
    )
