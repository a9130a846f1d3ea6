"""What a run says it has written, and what is said of it."""

from pathlib import Path

from ovation.backfill import view
from ovation.backfill.backfill import Outcome
from ovation.backfill.files import Contents
from ovation.backfill.store import Sums, total, written


def test_what_was_written_is_read_from_all_files_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "part-0").write_text('{"stream_id":"a","part":"p","rows":2,"amount":9}\n', encoding="utf-8")
    (tmp_path / "part-1").write_text('{"stream_id":"b","part":"q","rows":1,"amount":1}\n', encoding="utf-8")
    (tmp_path / ".staging").mkdir()
    found = written(tmp_path)
    assert found == {("a", "p"): Sums(2, 9), ("b", "q"): Sums(1, 1)}
    assert total(found.values()) == Sums(3, 10)
    assert written(tmp_path / "never made") == {}


def sentences(outcome: Outcome) -> list[str]:
    return list(view.outcome_sentences(outcome))


def test_it_says_whether_the_store_holds_what_was_written() -> None:
    some, more = Sums(1_200, 3_400), Sums(1_300, 3_500)
    assert sentences(Outcome("reactions", some, some, {})) == [
        "reactions: 1,200 windows of 3,400 taps written; ClickHouse holds exactly these."
    ]
    assert sentences(Outcome("votes", some, more, {})) == [
        "votes: 1,200 ballots of 3,400 votes written; "
        "ClickHouse holds more of the same polls, and keeps it: 1,300 ballots of 3,500 votes."
    ]
    assert sentences(Outcome("votes", Sums(0, 0), Sums(0, 0), {})) == ["votes: nothing was taken then."]


def test_what_the_store_lacks_is_named() -> None:
    missing = {("cup", "1764007200000"): (Sums(2, 9), Sums(1, 4))}
    missing |= {(f"cup-{number}", "1764007200000"): (Sums(1, 1), Sums(0, 0)) for number in range(6)}
    lines = sentences(Outcome("reactions", Sums(9, 9), Sums(1, 4), missing))
    assert lines[0].endswith("ClickHouse holds less:")
    assert lines[1] == "  cup, 2025-11-24 18:00 UTC: 4 of 9 taps"
    assert lines[-1] == "  and 2 more"


def test_unreadable_lines_are_said() -> None:
    contents = Contents({"reactions": 3, "votes": 1}, unreadable=9, named=["f, line 1: not JSON"])
    assert list(view.contents_sentences(contents)) == [
        "The files hold 3 records of reactions and 1 of votes.",
        "Lines that break the schema of a record: 9. What breaks it is not counted; the first:",
        "  f, line 1: not JSON",
    ]
