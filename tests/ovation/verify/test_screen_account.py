from typing import Any, cast

from contracts.messages import Snapshot
from ovation.verify.compare import compare
from ovation.verify.numbers import POLL_FIELDS, Account, InPoll, Span, Total, poll_numbers
from ovation.verify.screen_account import final_account, snapshot_account

NUMBERS = dict.fromkeys(POLL_FIELDS, 0) | {"voters": 2, "received": 3, "late": 1}


def snapshot(**fields: Any) -> Snapshot:
    options = [{"id": "1", "votes": 2}, {"id": "2", "votes": 0}]
    poll = {"poll_id": "p", "status": "open", "options": options, "is_final": False, **NUMBERS, **fields}
    return cast(Snapshot, {"reactions": {"totals": {"🔥": 7}}, "polls": [poll]})


def history(**fields: int) -> Account:
    return Account("history", dict(poll_numbers("p", {"1": 2, "2": 0}, {**NUMBERS, **fields})), polls=None)


def in_poll(accounts: list[Account]) -> set[str]:
    return {each.key.field for each in compare(accounts) if isinstance(each.key, InPoll)}


def test_a_snapshot_says_totals_and_polls() -> None:
    said = snapshot_account(snapshot())
    assert said.says(Total("🔥")) == Span.exactly(7)
    assert said.says(InPoll("p", "option:1")) == Span.exactly(2)
    assert final_account(snapshot()).numbers == {}
    assert in_poll([said, history(late=2)]) == {"late"}


def test_of_a_poll_whose_results_are_hidden_nothing_is_said() -> None:
    hidden = snapshot()
    hidden["polls"] = [cast(Any, {"poll_id": "p", "options": [{"id": "1"}], "is_final": False})]
    assert snapshot_account(hidden).says(InPoll("p", "voters")) is None


def test_a_final_result_is_held_against_what_may_have_come_too_late_since() -> None:
    shown = snapshot(is_final=True, status="final")
    final = final_account(shown)
    assert snapshot_account(shown).says(InPoll("p", "voters")) is None
    assert in_poll([final, history()]) == set()
    assert in_poll([final, history(late=3, received=5)]) == set()
    assert in_poll([final, history(late=0, received=2)]) == {"late", "received"}
    assert in_poll([final, history(voters=3)]) == {"voters"}
    assert str(final.says(InPoll("p", "late"))) == "1 or more"
    assert final.says(Total("🔥")) is None
