from typing import cast

import pytest

from ovation.audience import receipts
from ovation.audience.ledger import Attempt, Ballots
from ovation.audience.receipts import check, settle_doubts
from ovation.client.answers import VoteOutcome
from ovation.client.gateway import GatewayClient


@pytest.fixture(autouse=True)
def in_a_hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(receipts, "POLL_S", 0.001)
    monkeypatch.setattr(receipts, "PATIENCE_S", 0.05)


def taken(option: str, receipt: str, sent_s: float, ended_s: float) -> Attempt:
    return Attempt((option,), "acknowledged", sent_s, ended_s, receipt)


AT_ONCE = {"v": [taken("1", "A", 0, 2), taken("2", "B", 1, 3)]}


def saying(**outcomes: str) -> GatewayClient:
    """Return a gateway that says `pending` the first time and then what it is told to."""
    asked: set[str] = set()

    class Told:
        async def receipt(self, receipt: str) -> VoteOutcome:
            if receipt not in asked:
                asked.add(receipt)
                return VoteOutcome("pending")
            return VoteOutcome(outcomes[receipt])

    return cast(GatewayClient, Told())


async def test_which_of_two_votes_at_once_stands_the_gateway_is_asked() -> None:
    ballots = Ballots(["1", "2"], voters=dict(AT_ONCE))
    assert await settle_doubts(saying(A="duplicate", B="counted"), ballots) == []
    assert ballots.told == {"v": "B"}


@pytest.mark.parametrize(("a", "b", "number"), [("counted", "counted", 2), ("duplicate", "duplicate", 0)])
async def test_exactly_one_of_them_must(a: str, b: str, number: int) -> None:
    ballots = Ballots(["1", "2"], voters=dict(AT_ONCE))
    assert await settle_doubts(saying(A=a, B=b), ballots) == [f"{number} votes of v stand, instead of one"]
    assert ballots.told == {}


async def test_an_unanswered_vote_may_be_the_one() -> None:
    ballots = Ballots(["1", "2"], voters={"v": [Attempt(("1",), "unanswered", 0), taken("2", "B", 1, 3)]})
    assert await settle_doubts(saying(B="duplicate"), ballots) == []
    assert ballots.told == {}


async def test_nobody_asks_about_what_is_certain() -> None:
    ballots = Ballots(["1", "2"], voters={"v": [taken("1", "A", 0, 1), taken("2", "B", 2, 3)]})
    assert await settle_doubts(saying(), ballots) == []


async def test_a_sample_has_every_kind_of_voter_in_it() -> None:
    ordinary = {f"v{number}": [taken("1", f"R{number}", 0, 1)] for number in range(50)}
    late = {"late": [Attempt(("1",), "late", 5, 6, "L")]}
    ballots = Ballots(["1"], voters={**ordinary, **late})
    right = saying(L="late", **{f"R{number}": "counted" for number in range(50)})
    assert await check([right], ballots, 4) == receipts.Checked(4, [])
    wrong = saying(L="counted", **{f"R{number}": "counted" for number in range(50)})
    assert (await check([wrong], ballots, 4)).unexpected == ["late was told counted, where only late can be"]


async def test_what_stays_pending_is_not_what_was_expected() -> None:
    ballots = Ballots(["1"], voters={"v": [taken("1", "A", 0, 1)]})
    assert (await check([saying(A="pending")], ballots, 1)).unexpected == [
        "v was told pending, where only counted can be"
    ]
