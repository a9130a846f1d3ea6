"""Runs that end: what they may be asked for, and that they read and commit nothing beside their own input."""

import sys
from pathlib import Path
from types import ModuleType

import pytest

from jobs import poll_dedup, reaction_window
from jobs.bounded import Bounded, Stretch, create_bounded_environment
from jobs.deployment import submit
from jobs.settings import JobSettings

pytestmark = pytest.mark.flink


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--sink", "redis", "--summary", "file:///s", "--files", "file:///f"], "needs --sink clickhouse"),
        (["--sink", "clickhouse", "--summary", "file:///s"], "give either --files, or --stretch"),
        (
            ["--sink", "clickhouse", "--summary", "file:///s", "--files", "file:///f", "--stretch", "t", "p", "q"],
            "give either --files, or --stretch",
        ),
        (
            ["--sink", "clickhouse", "--summary", "file:///s", "--files", "file:///f", "--since", "1"],
            "--since and --until belong together",
        ),
    ],
)
def test_arguments_that_contradict_each_other_start_nothing(
    words: list[str], sentence: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["job.py", *words])
    with pytest.raises(SystemExit):
        submit("job", lambda *_: pytest.fail("it was started"))
    assert sentence in capsys.readouterr().err


@pytest.mark.parametrize("job", [reaction_window, poll_dedup])
def test_a_bounded_run_reads_its_stretch_alone_and_commits_nothing(
    job: ModuleType, settings: JobSettings, tmp_path: Path
) -> None:
    stretch = Stretch("votes", "partition:0,offset:42", "partition:0,offset:300")
    run = Bounded(tmp_path.as_uri(), stretches=(stretch,), taken="`at` BETWEEN 1 AND 2")
    env = create_bounded_environment("bounded", settings)
    plan = job.build(env, "clickhouse", settings, run).explain()

    tables = set(env.list_temporary_tables()) - set(env.list_temporary_views()) - {"written", "summary"}
    [table] = tables
    with env.execute_sql(f"SHOW CREATE TABLE {table}").collect() as rows:
        [[text]] = [list(row) for row in rows]
    assert "'scan.startup.specific-offsets' = 'partition:0,offset:42'" in text
    assert "'scan.bounded.specific-offsets' = 'partition:0,offset:300'" in text
    assert "group.id" not in text
    assert "dead_letters" not in plan and "control" not in plan
    assert "Sarg[[1..2]]" in plan, "what was taken at another time does not count"
