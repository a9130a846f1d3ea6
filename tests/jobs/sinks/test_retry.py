import pytest

from jobs.sinks.retry import FIRST_WAIT_S, LONGEST_WAIT_S, until_written


def test_it_writes_again_until_taken_and_waits_longer_each_time() -> None:
    waits: list[float] = []
    answers = iter([ConnectionError(), *[TimeoutError()] * 8, "taken"])

    def write() -> object:
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    assert until_written(write, (ConnectionError, TimeoutError), "the store", waits.append) == "taken"
    assert waits[0] == FIRST_WAIT_S
    assert waits == sorted(waits)
    assert waits[-1] == LONGEST_WAIT_S


def test_a_fault_of_ours_goes_through() -> None:
    def write() -> None:
        raise KeyError("no such column")

    with pytest.raises(KeyError):
        until_written(write, (ConnectionError,), "the store", lambda _: pytest.fail("it waited"))
