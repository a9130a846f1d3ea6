"""The jobs' own views over files of records: a bounded run in a local Flink, with no broker and no store."""

import json
import os
import subprocess
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pyflink import java_gateway
from pyflink.common import RowKind
from pyflink.table import Table, TableEnvironment

from jobs.environment import create_environment
from jobs.settings import JobSettings
from jobs.sources import RAW, bounded_files
from local.paths import FLINK_HOME
from ovation.migrations import migrate
from tests.sql.server import MIGRATIONS, running

Records = Callable[[Iterable[Any]], str]


@pytest.fixture(scope="session", autouse=True)
def flink_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Run on the Flink that `make install` put together, whose `lib/` has the Kafka connector, and end its JVM."""
    temporary = f"-Djava.io.tmpdir={tmp_path_factory.mktemp('java')}"
    launch = java_gateway.launch_gateway_server_process
    started: list[subprocess.Popen[bytes]] = []

    def launch_and_keep(*arguments: Any) -> subprocess.Popen[bytes]:
        started.append(launch(*arguments))
        return started[-1]

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FLINK_HOME", str(FLINK_HOME))
        patch.setenv("JVM_ARGS", f"{temporary} {os.environ['JVM_ARGS']}")
        patch.setattr(java_gateway, "launch_gateway_server_process", launch_and_keep)
        yield
    for process in started:
        java_gateway.get_gateway().shutdown()
        process.communicate(timeout=30)


@pytest.fixture
def settings() -> JobSettings:
    # Some batches, but not so many that a test is busy with reading what each of them changed.
    return JobSettings(kafka_bootstrap="127.0.0.1:1", live_batch_ms=200)


@pytest.fixture
def env(settings: JobSettings) -> TableEnvironment:
    return create_environment("test", "redis", settings)


@pytest.fixture
def records(tmp_path: Path) -> Records:
    """Write records, or lines of anything, to a file, and return the options of a source over it."""

    def write(lines: Iterable[Any]) -> str:
        path = tmp_path / f"records-{len(list(tmp_path.iterdir()))}.json"
        texts = (line if isinstance(line, str) else json.dumps(line, ensure_ascii=False) for line in lines)
        path.write_text("".join(text + "\n" for text in texts), encoding="utf-8")
        return f"{bounded_files(path.as_uri())}, {RAW}"

    return write


@pytest.fixture(scope="session")
def clickhouse(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of an engine with the project's tables."""
    with running(tmp_path_factory.mktemp("clickhouse")) as server:
        migrate(server.url, "default", "", MIGRATIONS, lambda _: None)
        yield server.url


def final_rows(table: Table, key: int) -> dict[tuple[Any, ...], tuple[Any, ...]]:
    """Run the query and return its last row for each key, the first `key` columns."""
    newest: dict[tuple[Any, ...], tuple[Any, ...]] = {}
    with table.execute().collect() as rows:
        for row in rows:
            values = tuple(row)
            if row.get_row_kind() in {RowKind.INSERT, RowKind.UPDATE_AFTER}:
                newest[values[:key]] = values[key:]
    return newest
