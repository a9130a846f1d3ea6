"""What is said of a run that failed, from its output alone."""

import pytest

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
