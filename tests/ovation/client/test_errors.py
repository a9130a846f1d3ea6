import pytest

from ovation.client.answers import problem
from ovation.client.errors import NotSentError, ProblemError, UnansweredError


@pytest.mark.parametrize(
    ("status", "name", "is_temporary", "nothing_done"),
    [
        (422, "unknown-option", False, True),
        (409, "closed-poll", False, True),
        (409, "idempotency-in-progress", True, True),
        (429, "rate-limited", True, True),
        (429, "", True, True),
        (503, "too-much-waiting", True, True),
        (503, "starting", True, True),
        (503, "kafka-unreachable", True, False),
        (502, "", True, False),
        (500, "internal", True, False),
    ],
)
def test_a_problem_says_whether_it_passes_and_what_it_left(
    status: int, name: str, is_temporary: bool, nothing_done: bool
) -> None:
    found = ProblemError(status, name, "…")
    assert (found.is_temporary, found.nothing_done) == (is_temporary, nothing_done)


def test_what_was_not_sent_did_nothing_and_what_was_not_answered_may_have() -> None:
    assert (NotSentError("…").nothing_done, UnansweredError("…").nothing_done) == (True, False)


@pytest.mark.parametrize(
    ("header", "seconds"), [("3", 3.0), (None, None), ("Sun, 06 Nov 2044 08:49:37 GMT", None), ("-1", None)]
)
def test_retry_after_is_seconds(header: str | None, seconds: float | None) -> None:
    assert problem(429, b"{}", header).retry_after_s == seconds
