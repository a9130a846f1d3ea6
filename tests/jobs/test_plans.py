"""What the planner makes of the queries: the shapes on which speed and exactness rest."""

import re
from types import ModuleType

import pytest
from pyflink.table import ExplainDetail

from jobs import poll_dedup, reaction_window
from jobs.environment import create_environment
from jobs.settings import JobSettings, Sink

pytestmark = pytest.mark.flink


def plan(job: ModuleType, sink: Sink, settings: JobSettings) -> str:
    statements = job.build(create_environment("plan", sink, settings), sink, settings)
    text: str = statements.explain(ExplainDetail.CHANGELOG_MODE)
    return text.partition("== Optimized Physical Plan ==")[2].partition("== Optimized Execution Plan ==")[0]


@pytest.mark.parametrize("job", [reaction_window, poll_dedup])
@pytest.mark.parametrize("sink", ["redis", "clickhouse"])
def test_the_hot_path_stays_in_the_jvm(job: ModuleType, sink: Sink, settings: JobSettings) -> None:
    text = plan(job, sink, settings)
    sums = [line for line in text.splitlines() if "GroupAggregate" in line]
    assert sums, "the counts are group aggregates"
    assert all("Local" in line or "Global" in line for line in sums), "summed before the shuffle and after it"
    assert "Rank" not in text
    calls = re.findall(r"write_\w+\([^,)]*", text)
    assert len(calls) == len(set(calls)), "a sink function is called once for a row"
    assert "MAX_RETRACT" not in text, "no maximum has to remember what it replaced"
    assert "mode=[RowTime]" not in text, "no watermark holds a mini-batch back"
    for line in text.splitlines():
        if "PythonCalc" in line and "write_" in line and "tallies" not in line:
            assert "[I,UA]" in line or "[I]" in line, "a sink function must see no retraction"


@pytest.mark.parametrize("sink", ["redis", "clickhouse"])
def test_a_record_of_taps_is_read_once_for_all_its_sums(sink: Sink, settings: JobSettings) -> None:
    statements = reaction_window.build(create_environment("plan", sink, settings), sink, settings)
    text: str = statements.explain().partition("== Optimized Execution Plan ==")[2]
    assert text.count("default_database, raw_records]]") == 1
    assert len(re.findall(r"Correlate\(invocation=\[read_reactions\(", text)) == 1
    before, _, _ = text.partition("default_database, raw_records]]")
    assert "MiniBatchAssigner" in before.splitlines()[-2], "the sums are told when a mini-batch is over"


@pytest.mark.parametrize("job", [reaction_window, poll_dedup])
def test_a_record_of_the_gateway_never_reaches_the_python_check(job: ModuleType, settings: JobSettings) -> None:
    lines = plan(job, "clickhouse", settings).splitlines()
    name = "reactions" if job is reaction_window else "votes"
    check = next(i for i, line in enumerate(lines) if f"PythonCorrelate(invocation=[faults_{name}" in line)
    assert f"is_valid_{name}" in lines[check + 1]
    assert "Python" not in lines[check + 1]


def test_windows_and_totals_are_remembered_for_different_times(settings: JobSettings) -> None:
    text = plan(reaction_window, "redis", settings)
    hints = [line for line in text.splitlines() if "STATE_TTL" in line]
    assert len(hints) == 1
    assert f"{settings.window_ttl_h}h" in hints[0]
    assert "window_start" in hints[0]
