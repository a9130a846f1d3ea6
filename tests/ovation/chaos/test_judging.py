import pytest

from ovation.chaos.faults import FAULTS
from ovation.chaos.judging import failed_in_turn
from ovation.chaos.plan import Event, Schedule
from tests.ovation.chaos.crowds import SMALL


def schedule(*names: str) -> Schedule:
    return Schedule(1, tuple(Event(2, FAULTS[name], 1) for name in names), SMALL)


@pytest.mark.parametrize(
    ("names", "failures", "said"),
    [
        (["rolling restart"], {}, None),
        (["rolling restart"], {"uncertain-taps": 2}, "2 uncertain-taps"),
        (["rolling restart", "hang redis"], {"uncertain-taps": 2}, None),
        (["rolling restart", "hang redis"], {"uncertain-taps": 2, "rate-limited": 1}, "1 rate-limited"),
        (["restart gateway"], {"uncertain-taps": 2}, None),
    ],
    ids=["none failed", "one of which somebody knew", "nobody to ask", "another one failed", "not in turn"],
)
def test_no_request_fails_while_gateways_are_restarted_in_turn_but_one_of_which_nobody_can_be_asked(
    names: list[str], failures: dict[str, int], said: str | None
) -> None:
    found = failed_in_turn(schedule(*names), failures)
    assert (found or "").endswith(said or "") and (found is None) == (said is None)
