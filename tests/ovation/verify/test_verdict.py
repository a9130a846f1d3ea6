import json
from io import StringIO

from rich.console import Console

from ovation.verify.numbers import Account, Span, Total
from ovation.verify.verdict import Verdict, judge


def verdict(live: int, history: int) -> Verdict:
    accounts = [
        Account(name, {Total("🔥"): Span.exactly(number)}) for name, number in (("live", live), ("history", history))
    ]
    return judge("cup-final", accounts, waited_s=1.23)


def test_agreement_is_one_line() -> None:
    assert verdict(3, 3).agrees
    assert verdict(3, 3).sentence() == "cup-final: live = history, all 1 numbers."


def test_a_difference_names_the_number_and_what_each_says() -> None:
    found = verdict(3, 4)
    assert not found.agrees
    assert found.sentence() == "cup-final: 1 of 1 numbers differ among live, history."
    assert found.members()["differences"] == [{"what": "🔥 total", "live": "3", "history": "4"}]
    console = Console(width=80, file=StringIO())
    console.print(found.table())
    text = console.file.getvalue()  # type: ignore[attr-defined]
    assert [cell in text for cell in ("🔥 total", "3", "4")] == [True] * 3


def test_what_does_not_add_up_is_no_agreement() -> None:
    account = Account("history", {Total("🔥"): Span.exactly(3)}, windows=None)
    found = judge("cup-final", [account], 0)
    assert not found.agrees
    assert found.members()["not_adding_up"] == ["history: 🔥 total 3, but its windows hold 0"]


def test_a_program_reads_json() -> None:
    assert json.loads(json.dumps(verdict(3, 4).members()))["agrees"] is False
