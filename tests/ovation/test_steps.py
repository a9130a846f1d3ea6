import threading
from functools import partial

import pytest

from ovation.steps import Step, take


def ignore(name: str, seconds: float) -> None: ...


def test_a_step_waits_for_what_it_needs() -> None:
    done: list[str] = []
    steps = [
        Step("last", partial(done.append, "last"), frozenset({"middle"})),
        Step("middle", partial(done.append, "middle"), frozenset({"first"})),
        Step("first", partial(done.append, "first")),
    ]
    take(steps, ignore)

    assert done == ["first", "middle", "last"]


def test_steps_that_do_not_need_one_another_run_together() -> None:
    meeting = threading.Barrier(2, timeout=5)
    take([Step("one", lambda: _meet(meeting)), Step("other", lambda: _meet(meeting))], ignore)

    assert not meeting.broken


def _meet(meeting: threading.Barrier) -> None:
    meeting.wait()


def test_what_is_not_among_the_steps_is_not_waited_for() -> None:
    reported: list[str] = []
    take([Step("gateway", lambda: None, frozenset({"topics"}))], lambda name, _: reported.append(name))

    assert reported == ["gateway"]


def test_a_failure_is_raised_and_nothing_that_needs_it_begins() -> None:
    begun: list[str] = []

    def fail() -> None:
        raise OSError("broken")

    steps = [Step("first", fail), Step("second", partial(begun.append, "second"), frozenset({"first"}))]
    with pytest.raises(OSError, match="broken"):
        take(steps, ignore)
    assert begun == []


def test_an_interrupt_waits_for_nothing() -> None:
    never = threading.Event()

    def interrupt(name: str, seconds: float) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        take([Step("quick", lambda: None), Step("slow", lambda: _wait(never))], interrupt)
    never.set()


def _wait(event: threading.Event) -> None:
    event.wait()


def test_steps_in_a_circle_are_a_mistake() -> None:
    steps = [Step("a", lambda: None, frozenset({"b"})), Step("b", lambda: None, frozenset({"a"}))]

    with pytest.raises(ValueError, match="need one another: a, b"):
        take(steps, ignore)
