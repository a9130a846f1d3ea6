"""A worker that is forked is as one that Flink starts: arguments, environment, folder, output, modules."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from local import processes
from local.workers import SERVER, SOCKET, WORKER, command
from local.workers.server import LIBRARIES

pytestmark = pytest.mark.skipif(not processes.PROC.is_dir(), reason="there is no /proc here")
WITHOUT_LIBRARIES = "import sys; from local.workers import server; server.LIBRARIES = (); server.main(sys.argv[1])"
TELLS = """\
import json, os, sys, own
print(json.dumps([sys.argv, os.getcwd(), os.environ["ONLY_HERE"], own.name, __name__]), flush=True)
print("an error", file=sys.stderr, flush=True)
sys.stdin.read()
"""


@contextmanager
def server(folder: Path, program: tuple[str, ...] = ("-c", WITHOUT_LIBRARIES)) -> Iterator[Path]:
    """Run a server, under a process that stands for the TaskManager and ends when its input does."""
    path = folder / "workers.sock"
    start = f"subprocess.Popen([sys.executable, *{program!r}, {str(path)!r}], stdin=subprocess.DEVNULL)"
    taskmanager = [sys.executable, "-c", f"import subprocess, sys; {start}; sys.stdin.read()"]
    env = environment(folder)
    with subprocess.Popen(taskmanager, stdin=subprocess.PIPE, env=env, cwd=folder / "submitted") as process:
        deadline = time.monotonic() + 30
        while not path.exists():
            assert time.monotonic() < deadline
            time.sleep(0.02)
        try:
            yield path
        finally:
            process.kill()


def package_of(folder: Path, module: str, text: str) -> None:
    """Write a module, and the packages that it is in."""
    *packages, name = module.split(".")
    for package in packages:
        folder /= package
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "__init__.py").touch()
    (folder / f"{name}.py").write_text(text)


def environment(folder: Path) -> dict[str, str]:
    """A worker's, in which Flink's module is one that tells how it was started."""
    package_of(folder / "submitted", WORKER, TELLS)
    (folder / "submitted" / "own.py").write_text("name = 'submitted'")
    return {**os.environ, "PYTHONPATH": str(folder / "submitted"), "ONLY_HERE": "yes"}


def start(folder: Path, path: Path) -> "subprocess.Popen[str]":
    """Start a worker by the command that Flink finds as `python`."""
    command.write(folder / "bin", Path(sys.executable), WORKER)
    words = [str(folder / "bin" / "python"), "-m", WORKER, "--id=1", "an argument"]
    env = {**environment(folder), SOCKET: str(path)}
    pipe = subprocess.PIPE
    return subprocess.Popen(words, stdin=pipe, stdout=pipe, stderr=pipe, text=True, env=env, cwd=folder)


def test_a_forked_worker_is_as_if_started(tmp_path: Path) -> None:
    with server(tmp_path) as path, start(tmp_path, path) as process:
        printed, error = process.communicate(timeout=30)

    argv, folder, variable, module, name = json.loads(printed)
    assert argv[1:] == ["--id=1", "an argument"]
    assert argv[0].endswith("beam_boot.py")
    assert (folder, variable, module, name) == (str(tmp_path), "yes", "submitted", "__main__")
    assert error == "an error\n"
    assert process.returncode == 0


def test_without_a_server_the_worker_is_started(tmp_path: Path) -> None:
    with start(tmp_path, tmp_path / "nobody.sock") as process:
        said, told = process.communicate(timeout=30)[0].splitlines()

    assert said.startswith("The worker is not forked: FileNotFoundError")
    assert json.loads(told)[1:] == [str(tmp_path), "yes", "submitted", "__main__"]


def test_what_is_no_worker_is_python_itself(tmp_path: Path) -> None:
    command.write(tmp_path, Path(sys.executable), WORKER)
    ran = subprocess.run(
        [str(tmp_path / "python"), "-c", "import sys; print(sys.executable)"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert ran.stdout.strip() == sys.executable


def test_workers_are_told_from_their_server_and_it_ends_with_its_parent(tmp_path: Path) -> None:
    text = "import os, sys, time\nforked = os.fork()\nopen(sys.argv[1], 'w').close()\ntime.sleep(60)"
    package_of(tmp_path / "submitted", SERVER, text)
    with server(tmp_path, ("-m", SERVER)):
        below = processes.descendants(os.getpid())
        [served] = processes.worker_servers_in(below)
        [worker] = processes.python_workers_in(below)
        assert worker in processes.descendants(served)
        os.kill(served, signal.SIGKILL)
        deadline = time.monotonic() + 30
        while processes.worker_servers_in([worker]) != [worker]:
            assert time.monotonic() < deadline, "a worker that has lost its server is found, too"
            time.sleep(0.02)
        os.kill(worker, signal.SIGKILL)


def test_a_server_whose_taskmanager_is_killed_ends(tmp_path: Path) -> None:
    def serving() -> set[int]:
        return {pid for pid in processes.marked(tmp_path) if str(tmp_path / "workers.sock") in processes.arguments(pid)}

    with pytest.MonkeyPatch.context() as patched:
        patched.setenv(processes.MARK, str(tmp_path))
        with server(tmp_path):
            assert serving()
    deadline = time.monotonic() + 30
    while serving():
        assert time.monotonic() < deadline
        time.sleep(0.1)


@pytest.mark.flink
def test_the_jobs_import_nothing_more_and_no_thread_is_left_out_of_a_fork() -> None:
    look = (
        "import os, sys\nfrom local.workers import server\n"
        "server.load(server.LIBRARIES)\nbefore = set(sys.modules)\n"
        "threads = [open(f'/proc/self/task/{each}/comm').read().strip() for each in os.listdir('/proc/self/task')]\n"
        "import jobs.sinks.redis_reactions, jobs.sinks.redis_polls\n"
        "import jobs.sinks.clickhouse_reactions, jobs.sinks.clickhouse_ballots, jobs.dead_letters\n"
        "print(sorted(each for each in set(sys.modules) - before if each.split('.')[0] not in ('jobs', 'contracts')))\n"
        "print(any(each.split('.')[0] in ('jobs', 'contracts') for each in before))\n"
        "print(threads)"
    )
    ran = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True, timeout=120)
    more, own, threads = ran.stdout.splitlines()[-3:]
    assert LIBRARIES
    assert (more, own) == ("[]", "False")
    # Arrow's allocator starts its thread again in a fork.
    assert threads == "['python', 'jemalloc_bg_thd']"
