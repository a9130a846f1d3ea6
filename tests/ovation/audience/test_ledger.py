from pathlib import Path

import pytest

from ovation.audience.ledger import Attempt, Ballots, Ledger, Stream, Taps
from ovation.errors import OvationError


def test_taps_add_up_by_window_and_emoji() -> None:
    taps = Taps()
    for window, emoji in [(1000, "🔥"), (1000, "🔥"), (2000, "🔥"), (2000, "👏")]:
        taps.acknowledge(window, emoji)
    assert taps.windows == {1000: {"🔥": 2}, 2000: {"🔥": 1, "👏": 1}}
    assert taps.totals() == {"🔥": 3, "👏": 1}
    assert taps.acknowledged == 4


def test_two_ledgers_share_nothing() -> None:
    one, other = Taps(), Taps()
    one.acknowledge(1000, "🔥")
    one.leave_open("🔥")
    assert other == Taps()


def test_attempts_are_kept_by_voter_and_counted_by_outcome() -> None:
    ballots = Ballots(["1", "2"])
    ballots.note("a", Attempt(("1",), "unanswered", 0.0))
    ballots.note("a", Attempt(("1",), "acknowledged", 1.0, 2.0, "R1"))
    ballots.note("b", Attempt(("2",), "acknowledged", 1.0, 2.0, "R2"))
    assert ballots.count("acknowledged") == 2
    assert ballots.count("unanswered") == 1
    assert ballots.voters["a"][1].receipt == "R1"


def test_it_comes_back_from_a_file(tmp_path: Path) -> None:
    attempts = [Attempt(("1",), "acknowledged", 1.0, 2.0, "R1"), Attempt((), "unanswered", 3.0)]
    stream = Stream(polls={"p": Ballots(["1"], True, {"a": attempts}, {"a": "R1"})})
    stream.taps.acknowledge(1000, "❤️")
    stream.taps.leave_open("🔥")
    ledger = Ledger(streams={"s": stream})
    ledger.write(tmp_path / "ledger.json")
    assert Ledger.read(tmp_path / "ledger.json") == ledger


@pytest.mark.parametrize("content", [b"", b"{", b'{"streams": 1}', b'{"v": 1, "streams": {}}', b"\xff"])
def test_what_is_no_ledger_is_said_in_a_sentence(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "ledger.json"
    path.write_bytes(content)
    with pytest.raises(OvationError, match="is no ledger"):
        Ledger.read(path)


def test_a_missing_ledger_is_said_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(OvationError, match="cannot be read"):
        Ledger.read(tmp_path / "none.json")
