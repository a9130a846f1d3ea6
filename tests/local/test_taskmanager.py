import os
import subprocess
import sys
from pathlib import Path

import pytest

from local import processes, taskmanager
from local.paths import CHECKOUT


@pytest.mark.skipif(not processes.PROC.is_dir(), reason="there is no /proc here")
def test_workers_left_behind_are_ended(tmp_path: Path) -> None:
    package = tmp_path / "pyflink" / "fn_execution" / "beam"
    package.mkdir(parents=True)
    (package / "beam_boot.py").write_text("import sys; sys.stdin.read()")
    env = {**os.environ, processes.MARK: str(tmp_path)}
    worker = [sys.executable, "-m", "pyflink.fn_execution.beam.beam_boot"]
    command = [sys.executable, "-m", "local.taskmanager", sys.executable, "-c", "import os; print(os.getpid())"]

    # The launcher's own parent stands for the supervisor: this process, and so the worker, is not below it.
    through = [sys.executable, "-c", "import subprocess, sys; sys.exit(subprocess.run(sys.argv[1:]).returncode)"]
    with subprocess.Popen(worker, stdin=subprocess.PIPE, env={**env, "PYTHONPATH": str(tmp_path)}) as left_behind:
        with subprocess.Popen(
            [*through, *command], stdout=subprocess.PIPE, text=True, env=env, cwd=CHECKOUT
        ) as process:
            printed, _ = process.communicate(timeout=20)
        assert left_behind.wait(5) == -9
    assert int(printed) > 0


@pytest.mark.skipif(not processes.PROC.is_dir(), reason="there is no /proc here")
def test_workers_of_another_taskmanager_live_on(tmp_path: Path) -> None:
    package = tmp_path / "pyflink" / "fn_execution" / "beam"
    package.mkdir(parents=True)
    (package / "beam_boot.py").write_text("import sys; sys.stdin.read()")
    env = {**os.environ, processes.MARK: str(tmp_path), "PYTHONPATH": str(tmp_path)}
    worker = [sys.executable, "-m", "pyflink.fn_execution.beam.beam_boot"]

    with subprocess.Popen(worker, stdin=subprocess.PIPE, env=env) as other:
        command = [sys.executable, "-m", "local.taskmanager", sys.executable, "-c", ""]
        env.pop("PYTHONPATH")
        assert subprocess.run(command, env=env, cwd=CHECKOUT, timeout=20, check=False).returncode == 0
        assert other.poll() is None
        other.kill()


@pytest.mark.skipif(not processes.PROC.is_dir(), reason="there is no /proc here")
@pytest.mark.parametrize(("options", "waits"), [("flink-taskmanager-2.args", [10.0]), ("flink-jobmanager.args", [])])
def test_one_that_takes_over_has_the_cores_for_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, options: str, waits: list[float]
) -> None:
    slept: list[float] = []
    monkeypatch.setenv(processes.MARK, str(tmp_path))
    monkeypatch.setenv("PYTHONSAFEPATH", "")
    monkeypatch.setattr("time.sleep", slept.append)
    monkeypatch.setattr(os, "execv", lambda *_: None)
    monkeypatch.setattr(os, "getppid", os.getpid)
    monkeypatch.setattr(taskmanager, "python_workers_in", lambda _: [2**22 + 1])
    # A process of which the command line reads like that of a JVM: `java @…/flink-taskmanager-2.args`.
    script = tmp_path / "@" / options
    script.parent.mkdir()
    script.write_text("import sys; sys.stdin.read()")

    with subprocess.Popen([sys.executable, f"@/{options}"], stdin=subprocess.PIPE, cwd=tmp_path):
        taskmanager.main(["java"])

    assert slept == waits


def test_what_it_starts_takes_no_code_from_the_folder_that_it_is_in(tmp_path: Path) -> None:
    (tmp_path / "jobs.py").touch()
    look = "import jobs; print(jobs.__file__)"
    ran = subprocess.run(
        [sys.executable, "-m", "local.taskmanager", sys.executable, "-c", look],
        env={**os.environ, processes.MARK: str(tmp_path), "PYTHONPATH": str(CHECKOUT)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=20,
        check=True,
    )
    assert ran.stdout.strip() == str(CHECKOUT / "jobs" / "__init__.py")
