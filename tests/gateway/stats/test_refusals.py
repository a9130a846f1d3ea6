from gateway import problems
from gateway.control.table import ControlTable
from gateway.stats.refusals import Refusals
from tests.gateway.records import stream

NOW = 1_700_000_000_000


def test_they_are_counted_by_stream_and_problem() -> None:
    table = ControlTable(lambda: NOW)
    table.apply(stream())
    refusals = Refusals(table, lambda: NOW)
    for problem in (problems.LATE_VOTE, problems.RATE_LIMITED, problems.RATE_LIMITED):
        refusals.count("cup", problem)
    assert list(refusals.of("cup").items()) == [("rate-limited", 2), ("late-vote", 1)]
    assert refusals.of("another") == {}
    assert refusals.since_ms == NOW


def test_names_that_somebody_makes_up_take_no_memory() -> None:
    refusals = Refusals(ControlTable(lambda: NOW), lambda: NOW)
    for number in range(1_000):
        refusals.count(f"made-up-{number}", problems.UNKNOWN_STREAM)
    assert vars(refusals)["_counts"] == {}
