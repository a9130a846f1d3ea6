import pytest

from ovation.submit import cause

ENDED = """ProgramAbortException: java.lang.RuntimeException: Python process exits with code: 1
	at org.apache.flink.client.python.PythonDriver.main(PythonDriver.java:140)
Caused by: java.lang.RuntimeException: Python process exits with code: 1
	at org.apache.flink.client.python.PythonDriver.main(PythonDriver.java:130)
	... 14 more
"""
ANOTHER_STATE = """Caused by: java.util.concurrent.CompletionException: it failed
	at x
Caused by: java.lang.IllegalStateException: Failed to rollback to checkpoint/savepoint file:/savepoint-1. Cannot map
	... 4 more
"""


@pytest.mark.parametrize(
    ("output", "said"),
    [
        ("outer\nCaused by: one\n\tat x\nCaused by: two\n\tat y\n", "two"),
        ("Caused by: the job's own\n\tat x\n" + ENDED, "the job's own"),
        ("first\nlast\n", "last"),
        ("", "no output"),
    ],
)
def test_the_innermost_cause_is_said(output: str, said: str) -> None:
    assert cause(output) == said


def test_of_a_state_that_does_not_fit_it_is_said_what_to_do() -> None:
    said = cause(ANOTHER_STATE + ENDED)
    assert said.startswith("java.lang.IllegalStateException: Failed to rollback to checkpoint/savepoint")
    assert "`ovation submit --from none`" in said
