"""What `ovation backfill` refuses before it starts anything: one line each."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from local.ports import free_ports
from ovation.addresses import Addresses
from ovation.backfill import backfill as work
from ovation.backfill.files import look_through
from ovation.cli import app
from ovation.errors import OvationError
from tests.jobs.votes import batches, vote


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ([], "Say what to count: --from and --to for what Kafka retains, or files."),
        (["--from", "2026-11-24T18:00"], "--from and --to belong together: one of them is missing."),
        (["--from", "2026-11-24", "--to", "2026-11-23"], "--from 2026-11-24 is later than --to 2026-11-23."),
        (["no-such-file"], "no-such-file: there is no such file."),
        (["."], ". is no file."),
    ],
)
def test_bad_input_is_one_line(words: list[str], sentence: str) -> None:
    result = CliRunner().invoke(app, ["backfill", *words])
    assert (result.exit_code, result.output) == (1, sentence + "\n")


def test_a_clickhouse_that_is_away_is_noticed_before_a_job_would_wait_for_it() -> None:
    url = f"http://127.0.0.1:{free_ports(1)[0]}"
    words = ["backfill", "--from", "2026-11-24", "--to", "2026-11-25"]
    result = CliRunner().invoke(app, words, env={"OVATION_CLICKHOUSE_URL": url})
    assert result.exit_code == 1
    assert f"ClickHouse at {url} cannot be reached" in result.output


def test_files_of_the_other_kind_alone_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "past"
    path.write_text(json.dumps(batches([vote(1, 1, 1)])[0]), encoding="utf-8")
    with pytest.raises(OvationError, match="The files hold no record of reactions"):
        work.from_files(Addresses(), None, [path], look_through([path]), ["reactions"], None, lambda _: None)
