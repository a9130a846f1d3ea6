import pytest

from gateway.history.standing import Standing
from gateway.receipts.outcomes import outcome_at_once, outcome_of
from gateway.receipts.sealing import Kind, Receipt
from tests.gateway.records import AT

EARLIER, MINE, LATER = "01KANZ5WRA" + "0" * 16, "01KANZ5WRB" + "0" * 16, "01KANZ5WRC" + "0" * 16


def receipt(kind: Kind = "vote") -> Receipt:
    return Receipt("cup", "best", "v" * 22, MINE, kind, AT)


def row(standing: str, outcome: str = "counted", *, invalid: bool = False, last: int = AT) -> Standing:
    return Standing(standing, outcome, invalid, last)


@pytest.mark.parametrize(
    ("standing", "locked", "changeable"),
    [
        (None, "pending", "pending"),
        (row(MINE), "counted", "counted"),
        (row(EARLIER), "duplicate", "pending"),
        (row(LATER), "pending", "replaced"),
        (row(MINE, "withdrawn"), "withdrawn", "withdrawn"),
        (row(LATER, "withdrawn"), "pending", "replaced"),
        (row("", "late"), "pending", "pending"),
        (row("", "ineligible"), "pending", "pending"),
        (row("", "invalid", invalid=True), "invalid", "invalid"),
        (row("", "invalid", invalid=True, last=AT - 1), "pending", "pending"),
    ],
)
def test_the_rules(standing: Standing | None, locked: str, changeable: str) -> None:
    assert outcome_of(receipt(), standing, allow_change=False) == locked
    assert outcome_of(receipt(), standing, allow_change=True) == changeable


def test_what_the_gateway_knew_is_known_at_once() -> None:
    assert [outcome_at_once(receipt(kind)) for kind in ("late", "ineligible")] == ["late", "ineligible"]
    assert [outcome_at_once(receipt(kind)) for kind in ("vote", "withdrawal")] == [None, None]
