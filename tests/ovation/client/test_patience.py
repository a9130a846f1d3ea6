import asyncio
import time

import pytest

from ovation.client.backoff import Backoff
from ovation.client.errors import CallError, NotSentError, ProblemError, UnansweredError
from ovation.client.patience import insist


@pytest.fixture(autouse=True)
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """What was waited between the calls; nobody waits in fact."""
    waited: list[float] = []

    async def sleep(seconds: float) -> None:
        waited.append(seconds)

    monkeypatch.setattr(Backoff, "next", lambda self: 0.25)
    monkeypatch.setattr(asyncio, "sleep", sleep)
    return waited


class Calls:
    def __init__(self, *answers: str | CallError) -> None:
        self.left = list(answers)

    async def __call__(self) -> str:
        answer = self.left.pop(0)
        if isinstance(answer, CallError):
            raise answer
        return answer


async def test_what_passes_is_waited_out(waits: list[float]) -> None:
    calls = Calls(NotSentError("…"), UnansweredError("…"), ProblemError(500, "internal", "…"), "done")
    assert await insist(calls, 60) == "done"
    assert waits == [0.25] * 3


async def test_the_gateway_s_wish_is_respected(waits: list[float]) -> None:
    assert await insist(Calls(ProblemError(429, "rate-limited", "…", retry_after_s=7), "done"), 60) == "done"
    assert waits == [7.25]


async def test_what_does_not_pass_is_raised_at_once(waits: list[float]) -> None:
    with pytest.raises(ProblemError, match="closed-poll"):
        await insist(Calls(ProblemError(409, "closed-poll", "…"), "never"), 60)
    assert waits == []


async def test_nobody_waits_for_longer_than_the_patience_lasts(waits: list[float]) -> None:
    began = time.monotonic()
    with pytest.raises(ProblemError, match="rate-limited"):
        await insist(Calls(ProblemError(429, "rate-limited", "…", retry_after_s=90), "never"), 60)
    assert waits == []
    assert time.monotonic() - began < 5
