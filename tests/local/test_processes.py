import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from local import processes
from tests.local.conftest import WAIT

pytestmark = pytest.mark.skipif(not processes.PROC.is_dir(), reason="there is no /proc here")


@contextmanager
def child(command: list[str], **env: str) -> Iterator[subprocess.Popen[bytes]]:
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env={**os.environ, **env}) as process:
        try:
            yield process
        finally:
            process.kill()


def test_only_processes_of_the_same_stack_are_found() -> None:
    command = [sys.executable, "-c", WAIT]
    with child(command, OVATION_STACK="/one") as one, child(command, OVATION_STACK="/another"):
        assert processes.marked("/one") == {one.pid}


def test_children_of_children_are_found() -> None:
    started = f"p = subprocess.Popen([sys.executable, '-c', {WAIT!r}])"
    script = f"import subprocess, sys; {started}; print(p.pid, flush=True); p.wait()"
    with child([sys.executable, "-c", script]) as process:
        assert process.stdout is not None
        grandchild = int(process.stdout.readline())
        assert processes.descendants(process.pid) == {grandchild}
        os.kill(grandchild, 9)


def test_a_python_worker_is_known_by_what_it_runs(worker_command: list[str], tmp_path: Path) -> None:
    with (
        child(worker_command, PYTHONPATH=str(tmp_path)) as worker,
        child([sys.executable, "-c", WAIT]) as other,
    ):
        assert processes.python_workers_in([worker.pid, other.pid]) == [worker.pid]


def test_ended_processes_are_gone_even_if_they_were_before() -> None:
    with child([sys.executable, "-c", WAIT], OVATION_STACK="/ended") as process:
        processes.end([process.pid])
        process.wait(5)
        processes.end([process.pid])
        assert processes.marked("/ended") == set()


def test_a_process_that_nobody_has_asked_about_yet_does_not_count() -> None:
    with child([sys.executable, "-c", "pass"], OVATION_STACK="/zombie") as process:
        deadline = time.monotonic() + 30
        while processes.marked("/zombie") and time.monotonic() < deadline:
            time.sleep(0.01)
        assert processes.marked("/zombie") == set()
        assert process.returncode is None
