"""supervisord, run for a part that takes its time."""

import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.last_mile.usage import cpu_s
from local import processes
from local.part import Part
from local.settings import read_settings
from local.supervisor import Supervisor
from local.supervisor_config import render

NAME, SLOW_S = "slow", 2.0
PROGRAM = f"""
import signal, time

def end(*_):
    time.sleep({SLOW_S})
    raise SystemExit

signal.signal(signal.SIGTERM, end)
print("up", flush=True)
while True:
    signal.pause()
"""


@pytest.fixture
def supervisor(tmp_path: Path) -> Iterator[Supervisor]:
    settings = read_settings(tmp_path, ephemeral_ports=True)
    settings.paths.create()
    program = tmp_path / "slow.py"
    program.write_text(PROGRAM, encoding="utf-8")
    part = Part(NAME, "", (sys.executable, str(program)), ready=lambda: True)
    settings.paths.supervisor_config.write_text(render([part], settings), encoding="utf-8")
    supervisor = Supervisor(settings.paths)
    supervisor.launch()
    supervisor.start(NAME)
    while "up" not in settings.paths.log(NAME).read_text(encoding="utf-8"):
        time.sleep(0.02)
    yield supervisor
    pid = supervisor.pid()
    supervisor.shut_down()
    while processes.arguments(pid):
        time.sleep(0.02)


def test_a_part_that_takes_its_time_to_stop_is_waited_for_without_work(supervisor: Supervisor) -> None:
    pid = supervisor.pid()
    before, began = cpu_s(pid), time.monotonic()

    supervisor.stop(NAME)

    assert time.monotonic() - began > SLOW_S
    assert NAME not in supervisor.pids()
    assert cpu_s(pid) - before < SLOW_S / 4
    supervisor.stop(NAME)  # It is stopped already, and that is no failure.
