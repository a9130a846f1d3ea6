"""Two shards that are one table: who asks both counts everything twice."""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl

import pytest

from local.paths import CHECKOUT
from tests.sql import crowd
from tests.sql.asking import post
from tests.sql.cluster.engine import cluster
from tests.sql.server import QUERIES, Server

pytestmark = pytest.mark.engine
ONE = {"optimize_skip_unused_shards": 1}
JOINING = {"distributed_product_mode": "local"}
OF_ALL_STREAMS = ("season_leaderboard", "top_streams")
FILES = sorted(path for path in QUERIES.glob("*.sql") if path.stem != "data_cost")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with cluster(tmp_path_factory.mktemp("shards"), shards=2) as (server, _):
        client = server.client()
        crowd.insert_all(client)
        client.close()
        yield server


def plan(client: Any, sql: str, settings: dict[str, Any]) -> str:
    return "\n".join(row[0] for row in client.query(f"EXPLAIN {sql}", settings=settings).result_rows)


@pytest.mark.parametrize(
    "question",
    [
        "SELECT sum(reactions) FROM ovation.reactions WHERE stream_id = {stream:String}",
        "SELECT count() FROM ovation.reaction_windows FINAL WHERE stream_id = {stream:String}",
        "SELECT count() FROM ovation.votes WHERE stream_id = {stream:String} AND poll_id = 'mvp'",
        "SELECT sum(votes) FROM ovation.poll_results WHERE stream_id = {stream:String} AND poll_id = 'mvp'",
        "SELECT sum(reactions) FROM ovation.reactions_by_hour WHERE stream_id IN ({stream:String})",
    ],
)
def test_a_question_about_one_stream_goes_to_its_shard(client: Any, single: Any, question: str) -> None:
    stream = {"stream": crowd.STREAM}
    right = int(single.command(question, parameters=stream))
    assert right > 0
    assert int(client.command(question, parameters=stream)) == 2 * right
    assert int(client.command(question, parameters=stream, settings=ONE)) == right


@pytest.mark.parametrize("path", FILES, ids=[path.stem for path in FILES])
def test_every_query_is_answered_with_the_settings_that_the_docs_name(server: Server, path: Any) -> None:
    text = path.read_text()
    example = re.search(r"^-- Example: (.+)$", text, re.MULTILINE)
    assert example
    settings = {name: str(value) for name, value in (ONE | JOINING).items()}
    found = post(server, dict(parse_qsl(example[1])) | settings | {"default_format": "Markdown"}, text)
    shown = "".join(re.findall(r"^--   (\|.*\n)", text, re.MULTILINE))
    assert (found == shown) != (path.stem in OF_ALL_STREAMS)


def test_sums_and_replaced_rows_are_the_business_of_the_shards(client: Any) -> None:
    question = "SELECT stream_id, sum(reactions) FROM ovation.reactions GROUP BY stream_id"
    together, _, shards = plan(client, question, {}).partition("Union")
    assert "MergingAggregated" in together
    assert [shards.count(words) for words in ("Aggregating", "FINAL: 1", "reaction_windows_local")] == [2, 2, 2]


def test_the_settings_of_the_docs(client: Any) -> None:
    text = (CHECKOUT / "docs" / "deployment.md").read_text()
    [block] = re.findall(r"^```sql\n(CREATE SETTINGS PROFILE.+?)^```$", text, re.MULTILINE | re.DOTALL)
    for statement in block.split(";\n"):
        if statement.strip():
            client.command("SELECT formatQuery({text:String})", parameters={"text": statement})
    named = dict(re.findall(r"(\w+) = '?(\w+)'?", block))
    assert named == {name: str(value) for name, value in (ONE | JOINING | {"distributed_foreground_insert": 1}).items()}
