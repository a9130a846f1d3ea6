import asyncio

import pytest

from ovation.audience import casting
from ovation.audience.casting import cast
from ovation.audience.figures import Figures
from ovation.audience.ledger import Attempt
from ovation.client.backoff import Backoff
from ovation.client.errors import CallError, MalformedAnswerError, NotSentError, ProblemError, UnansweredError

LATE = ProblemError(409, "late-vote", "It is closed.", receipt="L")
INELIGIBLE = ProblemError(403, "ineligible", "Not you.", receipt="I")
CLOSED = ProblemError(409, "final-poll", "It is final.")
SLOW_DOWN = ProblemError(429, "rate-limited", "Later.")
BUSY = ProblemError(503, "too-much-waiting", "Later.")
NO_KAFKA = ProblemError(503, "kafka-unreachable", "It may have been taken.")
BROKEN = ProblemError(500, "internal", "It failed.")
LOST = UnansweredError("No answer.")
AWAY = NotSentError("Nobody listens.")


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Backoff, "next", lambda self: 0.0)


async def attempts(*answers: str | CallError, figures: Figures | None = None) -> list[Attempt]:
    noted: list[Attempt] = []
    left = list(answers)

    async def send() -> str:
        answer = left.pop(0)
        if isinstance(answer, CallError):
            raise answer
        return answer

    await cast(send, ("1",), noted.append, figures or Figures())
    return noted


async def outcomes(*answers: str | CallError) -> list[tuple[str, str | None]]:
    return [(attempt.outcome, attempt.receipt) for attempt in await attempts(*answers)]


async def test_a_vote_is_sent_until_it_is_acknowledged() -> None:
    unanswered = ("unanswered", None)
    assert await outcomes(AWAY, LOST, NO_KAFKA, BROKEN, "R") == [unanswered] * 3 + [("acknowledged", "R")]


async def test_who_is_told_to_come_back_has_sent_nothing() -> None:
    figures = Figures()
    noted = await attempts(SLOW_DOWN, BUSY, "R", figures=figures)
    assert [attempt.outcome for attempt in noted] == ["acknowledged"]
    assert (figures.votes_put_off, figures.votes_acknowledged, figures.vote_ack.count) == (2, 1, 1)


async def test_late_and_ineligible_votes_are_answered_with_a_receipt() -> None:
    assert await outcomes(LATE) == [("late", "L")]
    assert await outcomes(INELIGIBLE) == [("ineligible", "I")]


async def test_a_refused_vote_is_not_sent_again() -> None:
    assert await outcomes(CLOSED, "R") == [("refused", None)]


async def test_a_vote_is_given_up_in_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(casting, "PATIENCE_S", 0.05)
    assert {outcome for outcome, _ in await outcomes(*[LOST] * 100_000)} == {"unanswered"}
    assert await outcomes(*[BUSY] * 100_000) == [("refused", None)]


async def test_only_an_answered_vote_has_an_end() -> None:
    lost, taken = await attempts(LOST, "R")
    assert lost.ended_s is None
    assert taken.ended_s is not None
    assert lost.sent_s <= taken.sent_s <= taken.ended_s


async def test_an_answer_that_nobody_can_read_ends_the_run() -> None:
    with pytest.raises(MalformedAnswerError):
        await attempts(MalformedAnswerError("?"))


async def test_who_is_stopped_while_waiting_may_have_voted() -> None:
    noted: list[Attempt] = []
    asked = asyncio.Event()

    async def send() -> str:
        asked.set()
        await asyncio.Event().wait()
        return "never"

    voting = asyncio.create_task(cast(send, ("1",), noted.append, Figures()))
    await asked.wait()
    voting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await voting
    assert [attempt.outcome for attempt in noted] == ["unanswered"]
