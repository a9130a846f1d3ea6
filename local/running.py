"""One part as a child process, for as long as a `with` block lasts: for tests that need a single real part."""

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from local.environment import environment
from local.errors import StackError
from local.part import Part
from local.paths import CHECKOUT
from local.settings import StackSettings

POLL_S = 0.05


@contextmanager
def running(part: Part, settings: StackSettings, deadline_s: float = 120.0) -> Iterator[subprocess.Popen[bytes]]:
    """Run `part` of `settings`, and yield its process once it is ready. Its log is in the data folder.

    Raises StackError when it exits, or is not ready `deadline_s` seconds after its start.
    """
    settings.paths.create()
    part.prepare()
    log = settings.paths.log(part.name)
    with log.open("ab") as output:
        process = subprocess.Popen(  # noqa: S603
            part.command,
            cwd=CHECKOUT,
            env=environment(part, settings),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        _wait(part, process, deadline_s)
        yield process
    finally:
        _stop(process, part.stop_wait_s)


def _wait(part: Part, process: subprocess.Popen[bytes], deadline_s: float) -> None:
    deadline = time.monotonic() + deadline_s
    while not part.ready():
        if process.poll() is not None:
            raise StackError(f"{part.name} ended with status {process.returncode} before it was ready.")
        if time.monotonic() > deadline:
            raise StackError(f"{part.name} was not ready after {deadline_s:.0f} s.")
        time.sleep(POLL_S)


def _stop(process: subprocess.Popen[bytes], wait_s: float) -> None:
    """End the whole process group: first asked, then told."""
    process.terminate()
    try:
        with suppress(subprocess.TimeoutExpired):
            process.wait(wait_s)
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
