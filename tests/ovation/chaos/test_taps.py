import pytest

from ovation.audience.ledger import Stream
from ovation.chaos import taps
from ovation.verify import ledger_account
from ovation.verify.numbers import Span, Total


def test_only_taps_that_were_answered_within_the_stretch_are_in_doubt(monkeypatch: pytest.MonkeyPatch) -> None:
    account = taps.TimedTaps()
    for moment in (1.0, 2.0, 2.1, 3.0):
        monkeypatch.setattr("ovation.chaos.taps.time.perf_counter", lambda moment=moment: moment)
        account.acknowledge(0, "🔥")
    assert account.doubt(1.9, 2.5) == 2
    assert account.doubt(1.9, 2.5) == 0, "a tap is doubted once"
    assert account.acknowledged == 2
    assert ledger_account.account(Stream(taps=account)).numbers[Total("🔥")] == Span(2, 4)


def test_so_are_those_of_which_a_try_found_no_answer_then() -> None:
    account = taps.TimedTaps()
    account.acknowledge(0, "🔥", [2.0])
    account.acknowledge(0, "🔥", [1.0])
    assert account.doubt(1.9, 2.5) == 1


def test_a_tap_that_was_sent_again_while_its_key_was_forgotten_may_count_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    account = taps.TimedTaps()
    for sent, ended in ((1.0, 1.5), (1.9, 2.2), (2.1, 2.3), (3.0, 3.5)):
        monkeypatch.setattr("ovation.chaos.taps.time.perf_counter", lambda ended=ended: ended)
        account.acknowledge(0, "🔥", keyed_since_s=sent)
    account.acknowledge(0, "🔥")
    account.forget_keys(2.0, 2.1)
    assert account.maybe_twice == 2
    assert ledger_account.account(Stream(taps=account)).numbers[Total("🔥")] == Span(5, 7)
