from typing import cast

import pytest

from ovation.audience import ledger
from ovation.audience.figures import Figures
from ovation.audience.latencies import Latencies
from ovation.audience.possible import entries
from ovation.audience.stage import Stage
from ovation.audience.tap_to_screen import TapToScreen
from ovation.audience.tries import Gateways
from ovation.audience.viewer import VOTE_REPEATS, Viewer
from ovation.client.answers import Counted
from ovation.client.errors import CallError, NotSentError, ProblemError, UnansweredError
from ovation.client.gateway import GatewayClient

TAKEN = Counted(1, 1_000)
REFUSED = ProblemError(409, "ended-stream", "It has ended.")
BUSY = ProblemError(503, "too-much-waiting", "Later.")
BROKEN = ProblemError(500, "internal", "It failed.")
UNCERTAIN = ProblemError(409, "uncertain-taps", "Nobody knows.")
LOST = UnansweredError("No answer.")
AWAY = NotSentError("Nobody listens.")


class Scripted:
    """A gateway that answers what it is told, in turn."""

    def __init__(self, *answers: Counted | str | CallError) -> None:
        self._answers = list(answers)

        self.keys: list[object] = []

    async def react(self, *_: object, idempotency_key: str | None) -> object:
        return self._next(idempotency_key)

    async def vote(self, *asked: object) -> object:
        return self._next(asked[-1])

    def _next(self, key: object) -> object:
        self.keys.append(key)
        answer = self._answers.pop(0)
        if isinstance(answer, CallError):
            raise answer
        return answer


@pytest.fixture
def stage() -> Stage:
    account = ledger.Stream(polls={"p": ledger.Ballots(["1", "2"])})
    return Stage("s", "p", ("1", "2"), ("🔥",), "token", account, TapToScreen(0, Latencies()), [])


def one(stage: Stage, *answers: Counted | str | CallError) -> Viewer:
    return Viewer("v", stage, "token", Gateways([cast(GatewayClient, Scripted(*answers))]), Figures())


async def test_an_acknowledged_tap_is_in_the_window_that_the_answer_says(stage: Stage) -> None:
    await one(stage, TAKEN).tap("🔥")
    assert stage.account.taps == ledger.Taps(windows={1_000: {"🔥": 1}}, sent=1, acknowledged=1)


@pytest.mark.parametrize(
    ("failure", "account"),
    [
        (REFUSED, ledger.Taps(sent=1, refused=1)),
        (BUSY, ledger.Taps(sent=1, refused=1)),
        (UNCERTAIN, ledger.Taps(sent=1, unanswered={"🔥": 1})),
        (BROKEN, ledger.Taps(sent=1, unanswered={"🔥": 1})),
        (LOST, ledger.Taps(sent=1, unanswered={"🔥": 1})),
        (AWAY, ledger.Taps(sent=1, unsent=1)),
    ],
)
async def test_a_tap_that_fails_is_not_sent_again(stage: Stage, failure: CallError, account: ledger.Taps) -> None:
    await one(stage, failure).tap("🔥")
    assert stage.account.taps == account


async def test_by_http_the_next_call_goes_to_another_gateway_when_one_is_away(stage: Stage) -> None:
    gateways = [cast(GatewayClient, Scripted(*answers)) for answers in ((AWAY, TAKEN), (REFUSED, TAKEN, LOST))]
    viewer = Viewer("v", stage, "token", Gateways(gateways), Figures())
    for _ in range(5):
        await viewer.tap("🔥")
    taps = stage.account.taps
    assert (taps.acknowledged, taps.refused, taps.unsent, taps.unanswered) == (2, 1, 1, {"🔥": 1})


async def test_taps_past_the_limit_count_nowhere(stage: Stage) -> None:
    await one(stage, Counted(0, 1_000)).tap("🔥")
    assert stage.account.taps == ledger.Taps(sent=1, refused=1)


async def test_a_vote_is_noted_under_the_viewer_s_name(stage: Stage) -> None:
    await one(stage, "R").vote("1")
    (attempt,) = stage.ballots.voters["v"]
    assert (attempt.choices, attempt.outcome, attempt.receipt) == (("1",), "acknowledged", "R")


async def test_a_tap_with_a_key_is_tried_again_under_it_at_another_gateway(stage: Stage) -> None:
    one, other = Scripted(LOST), Scripted(BUSY, TAKEN)
    gateways = Gateways([cast(GatewayClient, one), cast(GatewayClient, other)])
    await Viewer("v", stage, "token", gateways, Figures(), keyed=True).tap("🔥")
    assert stage.account.taps == ledger.Taps(windows={1_000: {"🔥": 1}}, sent=1, acknowledged=1)
    assert len({*one.keys, *other.keys}) == 1
    assert None not in one.keys


async def test_a_tap_with_a_key_that_may_have_counted_stays_open(stage: Stage) -> None:
    gateways = Gateways([cast(GatewayClient, Scripted(LOST)), cast(GatewayClient, Scripted(REFUSED))])
    await Viewer("v", stage, "token", gateways, Figures(), keyed=True).tap("🔥")
    assert stage.account.taps == ledger.Taps(sent=1, unanswered={"🔥": 1})


async def test_a_stubborn_voter_has_one_vote_however_often_it_is_sent(stage: Stage) -> None:
    halves = [Scripted(*["R"] * (VOTE_REPEATS // 2)) for _ in range(2)]
    gateways = Gateways([cast(GatewayClient, each) for each in halves])
    await Viewer("v", stage, "token", gateways, Figures(), keyed=True, stubborn=True).vote("1")
    assert stage.ballots.count("acknowledged") == VOTE_REPEATS
    assert len(entries(stage.ballots.voters["v"])) == 1
    assert len({key for each in halves for key in each.keys}) == 1
