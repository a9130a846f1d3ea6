import sys

import pytest

from local.errors import StackError
from local.part import Part
from local.running import running
from local.settings import StackSettings


def part(script: str, ready: bool) -> Part:
    return Part("part", "", (sys.executable, "-c", script), ready=lambda: ready, stop_wait_s=1)


def test_the_process_lives_as_long_as_the_block(settings: StackSettings) -> None:
    with running(part("import time; print('hello', flush=True); time.sleep(60)", ready=True), settings) as process:
        assert process.poll() is None
    assert process.returncode == -15


def test_a_process_that_does_not_stop_is_stopped(settings: StackSettings) -> None:
    script = "import signal, time; signal.signal(15, signal.SIG_IGN); print('deaf', flush=True); time.sleep(60)"
    deaf = Part(
        "part",
        "",
        (sys.executable, "-c", script),
        lambda: "deaf" in settings.paths.log("part").read_text(),
        stop_wait_s=1,
    )
    with running(deaf, settings) as process:
        pass
    assert process.returncode == -9


def test_a_process_that_ends_before_it_is_ready_is_said(settings: StackSettings) -> None:
    with (
        pytest.raises(StackError, match="part ended with status 3 before it was ready"),
        running(part("raise SystemExit(3)", ready=False), settings),
    ):
        raise AssertionError("never reached")


def test_a_process_that_never_gets_ready_is_said(settings: StackSettings) -> None:
    with (
        pytest.raises(StackError, match="part was not ready after 0 s"),
        running(part("import time; time.sleep(60)", ready=False), settings, deadline_s=0.1),
    ):
        raise AssertionError("never reached")
