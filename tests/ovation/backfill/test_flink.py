"""The child process of a run: what is said of one that failed, and that nothing of one that was broken off goes on."""

import os
import sys
import time
from pathlib import Path

import pytest

from local.processes import MARK, marked
from ovation.backfill import flink

JAVA = """py4j.protocol.Py4JJavaError: An error occurred while calling o148.await.
: java.util.concurrent.ExecutionException: Failed to wait job finish
Caused by: org.apache.flink.runtime.client.JobExecutionException: Job execution failed.
"""
SINK = """Traceback (most recent call last):
  File "sdk_worker.py", line 311, in _execute
    response = task()
               ^^^^^^
DatabaseError: There is no table ovation.ballots.

Traceback (most recent call last):
  File "jobs/poll_dedup.py", line 66, in <module>
"""


@pytest.mark.parametrize(
    ("output", "reason"),
    [
        ("first\nTopicNotFound: reactions\n\n", "TopicNotFound: reactions"),
        (
            JAVA + "Caused by: java.io.IOException: No space left on device\n\tat x",
            "java.io.IOException: No space left on device",
        ),
        (
            SINK + JAVA + "Caused by: java.lang.RuntimeException: Error received: Traceback (most recent call last):\n",
            "DatabaseError: There is no table ovation.ballots",
        ),
        ("", "no output"),
    ],
)
def test_the_innermost_cause_is_named(output: str, reason: str) -> None:
    assert flink._reason(output) == reason


def test_a_run_that_is_broken_off_leaves_no_process(tmp_path: Path) -> None:
    # The grandchild stands for the JVM, which ignores what Ctrl-C sends.
    script = (
        "import subprocess, sys, time; "
        "child = subprocess.Popen([sys.executable, '-c', 'import signal, time; signal.signal(2, 1); time.sleep(60)']); "
        "print(child.pid, flush=True); time.sleep(60)"
    )
    log = tmp_path / "log"
    command, env = [sys.executable, "-c", script], {**os.environ, MARK: str(tmp_path)}
    with pytest.raises(KeyboardInterrupt), flink._started(command, env, log) as process:
        while not log.read_text().endswith("\n"):
            time.sleep(0.02)
        assert len(marked(tmp_path)) == 2
        raise KeyboardInterrupt
    assert process.returncode is not None
    grandchild = int(log.read_text())
    deadline = time.monotonic() + 10
    while grandchild in marked(tmp_path):
        assert time.monotonic() < deadline, "it goes on"
        time.sleep(0.02)
