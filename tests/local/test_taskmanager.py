import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from local import processes, taskmanager
from local.paths import CHECKOUT
from local.workers import SOCKET
from tests.local.conftest import WAIT

IN_PROC = pytest.mark.skipif(not processes.PROC.is_dir(), reason="there is no /proc here")

Start = Callable[..., subprocess.Popen[bytes]]


@pytest.fixture
def start() -> Iterator[Start]:
    """Start a process that waits, below this one, which stands for the supervisor."""
    with ExitStack() as stack:

        def begin(words: list[str], folder: Path, **env: str) -> subprocess.Popen[bytes]:
            process = stack.enter_context(
                subprocess.Popen(words, stdin=subprocess.PIPE, cwd=folder, env={**os.environ, **env})
            )
            stack.callback(process.kill)
            return process

        yield begin


@pytest.fixture
def worker(start: Start, worker_command: list[str], tmp_path: Path) -> Callable[[str], subprocess.Popen[bytes]]:
    """Start what reads like a Python worker of the TaskManager whose server has this socket."""
    return lambda socket: start(worker_command, tmp_path, PYTHONPATH=str(tmp_path), **{SOCKET: socket})


@pytest.fixture
def slept(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """How long what starts a TaskManager waited; it starts none here, nor the server of its workers."""
    waits: list[float] = []
    monkeypatch.setenv(SOCKET, "/own")
    monkeypatch.setenv("PYTHONSAFEPATH", "")
    monkeypatch.setattr("time.sleep", waits.append)
    monkeypatch.setattr(os, "execv", lambda *_: None)
    monkeypatch.setattr(os, "getppid", os.getpid)
    monkeypatch.setattr(taskmanager, "serve_workers", lambda _: None)
    return waits


@IN_PROC
def test_its_workers_that_were_left_behind_are_ended_and_those_of_another_live_on(
    worker: Callable[[str], subprocess.Popen[bytes]], slept: list[float]
) -> None:
    own, other = worker("/own"), worker("/other")

    taskmanager.main(["java", "@/flink-taskmanager-1.args"])

    assert slept == [], "nobody else has started"
    assert own.wait() == -9
    assert other.poll() is None


@IN_PROC
@pytest.mark.parametrize(
    ("beside", "waits"),
    [
        (["{python}", "@/flink-taskmanager-1.args"], [10.0]),
        (["{python}", "@/flink-taskmanager-3.args"], [10.0]),
        (["{python}", "-m", "local.taskmanager", "java", "@/flink-taskmanager-1.args"], [10.0]),
        (["{python}", "-m", "local.taskmanager", "java", "@/flink-taskmanager-3.args"], []),
        (["{python}", "@/flink-jobmanager.args"], []),
    ],
    ids=["another runs", "a later one runs", "an earlier one starts", "a later one starts", "a JobManager runs"],
)
def test_one_that_takes_over_or_starts_first_has_the_cores_for_itself(
    start: Start,
    worker: Callable[[str], subprocess.Popen[bytes]],
    slept: list[float],
    tmp_path: Path,
    beside: list[str],
    waits: list[float],
) -> None:
    # A process whose command line reads like that of a JVM, or of what starts one: it runs no such thing.
    for script in ("flink-taskmanager-1", "flink-taskmanager-3", "flink-jobmanager"):
        (tmp_path / "@").mkdir(exist_ok=True)
        (tmp_path / "@" / f"{script}.args").write_text(WAIT)
    (tmp_path / "local").mkdir()
    (tmp_path / "local" / "taskmanager.py").write_text(WAIT)
    start([word.format(python=sys.executable) for word in beside], tmp_path, PYTHONPATH=str(tmp_path))
    worker("/own")

    taskmanager.main(["java", "@/flink-taskmanager-2.args"])

    assert slept == waits


@IN_PROC
def test_one_that_left_nothing_behind_waits_for_nobody(start: Start, slept: list[float], tmp_path: Path) -> None:
    (tmp_path / "@").mkdir()
    (tmp_path / "@" / "flink-taskmanager-1.args").write_text(WAIT)
    start([sys.executable, "@/flink-taskmanager-1.args"], tmp_path)

    taskmanager.main(["java", "@/flink-taskmanager-2.args"])

    assert slept == []


def test_what_it_starts_takes_no_code_from_the_folder_that_it_is_in(
    slept: list[float], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "jobs.py").touch()
    found: list[str] = []
    monkeypatch.setenv("PYTHONPATH", str(CHECKOUT))
    monkeypatch.setattr(
        os, "execv", lambda _, words: found.append(subprocess.check_output(words, cwd=tmp_path, text=True).strip())
    )

    taskmanager.main([sys.executable, "-c", "import jobs; print(jobs.__file__)"])

    assert found == [str(CHECKOUT / "jobs" / "__init__.py")]
