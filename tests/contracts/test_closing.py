"""The codes of closed sockets, as the contract lists them and as problems lead to them."""

from pathlib import Path

import pytest

from contracts import closing
from contracts.closing import Closing
from gateway import problems
from gateway.live.closing import close_for

ARCHITECTURE = Path(__file__).parents[2] / "docs" / "architecture.md"


@pytest.mark.parametrize("each", closing.ALL.values(), ids=lambda each: str(each.code))
def test_every_code_is_in_the_contract(each: Closing) -> None:
    reasons = ", ".join(f"`{reason}`" for reason in each.reasons)
    row = f"| {each.code} | {reasons} | {each.means} | {'yes' if each.is_final else ''} |"
    assert row in ARCHITECTURE.read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("each", closing.ALL.values(), ids=lambda each: str(each.code))
def test_every_reason_is_a_problem_that_leads_to_its_code(each: Closing) -> None:
    for reason in each.reasons:
        assert close_for(problems.ALL[reason]) == (each.code, reason)
