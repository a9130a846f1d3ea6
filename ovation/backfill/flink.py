"""A job's bounded run in a Flink of its own: a child process, watched over Flink's REST interface until it ends."""

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from threading import Event
from typing import Literal

from local.ports import free_ports
from ovation.addresses import Addresses
from ovation.data_dir import CHECKOUT
from ovation.errors import OvationError
from ovation.flink_api import Flink
from ovation.flink_client import flink_command
from ovation.flink_failures import cause

POLL_S = 0.3
STOP_S = 10
SMALL = 500_000
"""Records below which the JVM's optimising compiler costs more than it gains: ten of thirty seconds on two cores."""


Stage = Literal["starts", "reads", "writes", "is done"]


@dataclass(frozen=True, slots=True)
class Run:
    """A job, the arguments that say what it reads, and how many records that is."""

    job: str
    arguments: tuple[str, ...]
    records: int


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is: how many of its records are read. Once that is all of them, it writes their sums."""

    run: Run
    read: int
    stage: Stage


Report = Callable[[Progress], None]


def require() -> None:
    """Raise OvationError where this machine cannot run a job."""
    if find_spec("pyflink") is None:
        raise OvationError(
            "PyFlink is not installed here: `ovation backfill` needs the extra `jobs`, as `flink run` does."
        )
    flink_command()


def execute(run: Run, addresses: Addresses, folder: Path, report: Report, broken_off: Event) -> None:
    """Run the job to its end. Everything that it leaves behind is in `folder`.

    Raises OvationError when it fails, and once somebody has set `broken_off`: the job has then been ended.
    """
    (port,) = free_ports(1)
    log = folder / f"{run.job}.log"
    command = [sys.executable, "-m", f"jobs.{run.job}", "--sink", "clickhouse", "--rest-port", str(port)]
    flink = Flink(f"http://127.0.0.1:{port}")
    report(Progress(run, 0, "starts"))
    with _started([*command, *run.arguments], _environment(run, addresses, folder), log) as process:
        while process.poll() is None:
            # It has not started yet, or has just ended, and answers nothing, or something odd.
            with suppress(OvationError, LookupError, ValueError):
                for job in flink.jobs():
                    read, all_read = flink.read(job)
                    stage: Stage = "writes" if all_read else "reads" if read else "starts"
                    report(Progress(run, min(read, run.records), stage))
            # The job hears no Ctrl-C, which is for the terminal's own processes: who runs it says so here.
            if broken_off.wait(POLL_S):
                raise OvationError(f"{run.job} was broken off.")
    if process.returncode != 0:
        text = log.read_text(encoding="utf-8", errors="replace")
        with tempfile.NamedTemporaryFile("w", prefix=f"{run.job}-", suffix=".log", delete=False) as kept:
            kept.write(text)
        raise OvationError(f"{run.job} failed: {_reason(text)}. Its log is kept in {kept.name}.")
    report(Progress(run, run.records, "is done"))


def _reason(text: str) -> str:
    """Return the innermost cause in the output of a run; of a sink function that failed, its own exception."""
    innermost = cause(text)
    if "Traceback" in innermost:
        trace = text.partition("Traceback (most recent call last):\n")[2].splitlines()
        innermost = next((line for line in trace if line and not line.startswith(" ")), innermost)
    return innermost.rstrip(".")


def _environment(run: Run, addresses: Addresses, folder: Path) -> dict[str, str]:
    compiler = "-XX:TieredStopAtLevel=1" if run.records < SMALL else ""
    return {
        **os.environ,
        **addresses.environment(),
        "FLINK_HOME": str(Path(flink_command()).resolve().parents[1]),
        "FLINK_LOG_DIR": str(folder),
        "PYTHONPATH": str(CHECKOUT),
        # Sums that do not fit into memory are kept in the folder while the job runs: Java's own, and not TMPDIR.
        "JVM_ARGS": f"-Djava.io.tmpdir={folder} -XX:+UseSerialGC {compiler}",
        "TMPDIR": str(folder),
    }


@contextmanager
def _started(command: Sequence[str], env: Mapping[str, str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    with log.open("wb") as output:
        process = subprocess.Popen(  # noqa: S603 - the words are ours
            command,
            cwd=CHECKOUT,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        yield process
    finally:
        process.terminate()
        try:
            with suppress(subprocess.TimeoutExpired):
                process.wait(STOP_S)
        finally:
            # Its JVM goes with it.
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
