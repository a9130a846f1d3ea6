import pytest

from ovation.flink_failures import cause

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
ANOTHER_ROW = """java.lang.RuntimeException: Error while getting state
	at org.apache.flink.runtime.state.DefaultKeyedStateStore.getState(DefaultKeyedStateStore.java:91)
Caused by: org.apache.flink.util.StateMigrationException: The new state serializer (new) must not be incompatible
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


@pytest.mark.parametrize(
    ("output", "begins"),
    [
        (ANOTHER_STATE + ENDED, "java.lang.IllegalStateException: Failed to rollback to checkpoint/savepoint"),
        (ANOTHER_ROW, "org.apache.flink.util.StateMigrationException: The new state serializer"),
    ],
)
def test_of_a_state_that_does_not_fit_it_is_said_what_to_do(output: str, begins: str) -> None:
    said = cause(output)
    assert said.startswith(begins)
    assert "`ovation submit --from none`" in said
