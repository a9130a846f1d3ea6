import os
import subprocess
import sys
from pathlib import Path

import pytest

from local import processes
from local.paths import CHECKOUT


@pytest.mark.skipif(not processes.PROC.is_dir(), reason="there is no /proc here")
def test_workers_left_behind_end_and_the_process_becomes_the_command(tmp_path: Path) -> None:
    package = tmp_path / "pyflink" / "fn_execution" / "beam"
    package.mkdir(parents=True)
    (package / "beam_boot.py").write_text("import sys; sys.stdin.read()")
    env = {**os.environ, processes.MARK: str(tmp_path)}
    worker = [sys.executable, "-m", "pyflink.fn_execution.beam.beam_boot"]
    command = [sys.executable, "-m", "local.taskmanager", sys.executable, "-c", "import os; print(os.getpid())"]

    with subprocess.Popen(worker, stdin=subprocess.PIPE, env={**env, "PYTHONPATH": str(tmp_path)}) as left_behind:
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=env, cwd=CHECKOUT) as process:
            printed, _ = process.communicate(timeout=20)
        assert left_behind.wait(5) == -9
    assert int(printed) == process.pid
