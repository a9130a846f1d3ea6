"""What Flink says of a job that fails, in the line that says most."""

_ENDED = "Python process exits with code"
"""What the client says behind every error of a job's own."""
MISFIT = "StateMigrationException"
"""With what tasks fail whose operators are the state's, and whose columns are not. Flink would try again for ever."""
_ANOTHER_STATE = ("Failed to rollback to checkpoint/savepoint", MISFIT)
_FORGET_STATE = (
    "It is the state of a version whose query was another. That version goes on from it, by `ovation submit` of its "
    "checkout; this one starts without it by `ovation submit --from none`, and counts again what Kafka retains "
    "(docs/operations.md)."
)


def cause(output: str) -> str:
    """Return the line that says most of a client's output or a job's failure: the innermost cause, else the last line.

    Where it is that the state fits another version, what to do about it is said, too.
    """
    lines = [line.strip() for line in output.splitlines() if line.strip() and _ENDED not in line]
    causes = [line.removeprefix("Caused by: ") for line in lines if line.startswith("Caused by: ")]
    said = (causes or lines or ["no output"])[-1]
    return f"{said} {_FORGET_STATE}" if any(each in said for each in _ANOTHER_STATE) else said
