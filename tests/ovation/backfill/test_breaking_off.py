"""Ctrl-C while runs go on, and one of them that fails: nothing is waited for, and no process is left."""

import os
import signal
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest

from local.processes import MARK, marked
from ovation.addresses import Addresses
from ovation.backfill import backfill as work
from ovation.backfill import flink
from ovation.backfill.files import Contents
from ovation.errors import OvationError

LONG_S, SOON_S = 25, 10
# The child is deaf to Ctrl-C, and has a child of its own: as Python and its JVM.
CHILD = (
    "import signal, subprocess, sys, time; signal.signal(2, 1); "
    f"subprocess.Popen([sys.executable, '-c', 'import time; time.sleep({LONG_S})']); time.sleep({LONG_S})"
)


@pytest.fixture
def children(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """What is started instead of each job: without an entry it is a child that sleeps."""
    instead: dict[str, str] = {}
    started = flink._started

    def sleeping(command: Sequence[str], env: Mapping[str, str], log: Path) -> AbstractContextManager[Any]:
        return started([sys.executable, "-c", instead.get(log.stem, CHILD)], env, log)

    monkeypatch.setattr(flink, "_started", sleeping)
    monkeypatch.setattr(flink, "_environment", lambda *_: {**os.environ, MARK: str(tmp_path)})
    return instead


def run_both() -> None:
    contents = Contents({"reactions": 1, "votes": 1})
    work.from_files(Addresses(), None, [], contents, ["reactions", "votes"], None, lambda _: None)


@pytest.fixture
def heard() -> Iterator[None]:
    """Raise KeyboardInterrupt at SIGINT: who is started in the background of a script ignores it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("heard")
def test_ctrl_c_ends_both_runs(tmp_path: Path, children: dict[str, str]) -> None:
    started: list[int] = []

    def press() -> None:
        deadline = time.monotonic() + LONG_S / 2
        while len(marked(tmp_path)) < 4 and time.monotonic() < deadline:
            time.sleep(0.05)
        started.append(len(marked(tmp_path)))
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)

    presser = threading.Thread(target=press)
    presser.start()
    began = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        run_both()
    presser.join()
    assert started == [4]
    assert time.monotonic() - began < SOON_S
    assert marked(tmp_path) == set()


def test_a_run_that_fails_ends_the_other(tmp_path: Path, children: dict[str, str]) -> None:
    children["poll_dedup"] = "raise SystemExit('no such table')"
    began = time.monotonic()
    with pytest.raises(OvationError, match="poll_dedup failed: no such table") as failure:
        run_both()
    Path(str(failure.value).rpartition("kept in ")[2].rstrip(".")).unlink()
    assert time.monotonic() - began < SOON_S
    assert marked(tmp_path) == set()
