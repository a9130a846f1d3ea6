"""Who commits how far a store is complete: the branch that fills it, and no other that reads the same topic."""

import re
from types import ModuleType

import pytest
from pyflink.table import TableEnvironment

from contracts.topics import consumer_group
from jobs import poll_dedup, reaction_window
from jobs.environment import create_environment
from jobs.settings import JobSettings, Sink

pytestmark = pytest.mark.flink


@pytest.mark.parametrize("job", [reaction_window, poll_dedup])
@pytest.mark.parametrize("sink", ["redis", "clickhouse"])
def test_one_source_of_a_deployment_has_its_group(job: ModuleType, sink: Sink, settings: JobSettings) -> None:
    env = create_environment("sources", sink, settings)
    job.build(env, sink, settings)
    tables = set(env.list_temporary_tables()) - set(env.list_temporary_views()) - {"written"}
    groups = {table: group_of(env, table) for table in tables}
    filling = "vote_records" if job is poll_dedup else "raw_records"
    raw = "raw_votes" if job is poll_dedup else "raw_reactions"
    assert groups.pop(filling) == consumer_group(job.NAME, sink)
    assert groups.keys() >= ({"control_records", raw} if sink == "clickhouse" else set())
    assert set(groups.values()) <= {None}


def group_of(env: TableEnvironment, table: str) -> str | None:
    with env.execute_sql(f"SHOW CREATE TABLE {table}").collect() as rows:
        [row] = rows
    found = re.search(r"'properties\.group\.id' = '([^']+)'", row[0])
    return found and found[1]
