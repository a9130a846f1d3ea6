"""How many reacted, and who came back: estimates whose truth is known."""

from typing import Any

import pyarrow as pa
import pytest

from contracts.tables import REACTOR_SAMPLES
from gateway.reactions.reactors import ReactorSamples
from tests.sql import crowd
from tests.sql.asking import rows, time
from tests.sql.server import Server

pytestmark = pytest.mark.engine
AT_S = 1_700_000_040
"""The beginning of a minute, in another season than the made-up evening."""
FIRSTS, AFTER = 20_000, 15_000
STAYED = 9_000
"""Of those who tapped in the first minute, how many do in the next."""


@pytest.fixture(scope="module")
def viral(server: Server) -> dict[str, Any]:
    """A crowd as two gateways sample it: 20,000 viewers in one minute, 15,000 in the next, 9,000 of them the same."""
    gateways = [ReactorSamples(b"s" * 32) for _ in range(2)]
    told = []
    for minute, viewers in enumerate((range(FIRSTS), range(FIRSTS - STAYED, FIRSTS - STAYED + AFTER))):
        for viewer in viewers:
            at_ms = (AT_S + 60 * minute) * 1_000
            found = gateways[viewer % 2].tapped("viral", f"viewer-{viewer}", at_ms)
            told += [(at_ms, found.level, each) for each in found.hashes] if found else []
    columns = zip(*told, strict=True)
    starts, levels, hashes = columns
    table = pa.table(
        {
            "stream_id": ["viral"] * len(told),
            "minute_start": pa.array(starts, pa.timestamp("ms", "UTC")).cast(pa.timestamp("s", "UTC")),
            "reactor": pa.array(hashes, pa.uint64()),
            "level": pa.array(levels, pa.uint8()),
        }
    )
    client = server.client()
    client.insert_arrow(f"ovation.{REACTOR_SAMPLES}", table)
    client.close()
    return {"stream_id": "viral", "since": "2023-11-14 22:14:00", "until": "2023-11-14 22:16:00"}


def test_a_large_crowd_is_told_with_its_error(server: Server, viral: dict[str, Any]) -> None:
    [found] = rows(server, "unique_reactors", **viral)
    truth = FIRSTS - STAYED + AFTER
    assert 0 < found["error"] < 0.06 * truth
    assert abs(found["viewers"] - truth) < 4 * found["error"]


def test_a_small_crowd_is_told_exactly(server: Server) -> None:
    [found] = rows(server, "unique_reactors", stream_id=crowd.STREAM, since=time(0), until=time(60))
    assert found == {"sampled": 300, "viewers": 300, "error": 0}
    [whole] = rows(server, "unique_reactors", stream_id=crowd.STREAM, since=time(0), until=time(240))
    assert whole["viewers"] == 350
    [nobody] = rows(server, "unique_reactors", stream_id="nobody", since=time(0), until=time(240))
    assert nobody == {"sampled": 0, "viewers": 0, "error": 0}


def test_who_came_back(server: Server, viral: dict[str, Any]) -> None:
    [minute] = rows(server, "reactor_retention", cohort=1, **viral)
    assert abs(minute["share"] - STAYED / FIRSTS) < 4 * minute["share_error"]
    assert minute["viewers"] == pytest.approx(AFTER, rel=0.15)
    assert minute["came_back"] + minute["new_viewers"] == minute["viewers"]


def test_who_came_back_of_the_made_up_evening(server: Server) -> None:
    found = rows(server, "reactor_retention", stream_id=crowd.STREAM, since=time(0), until=time(240), cohort=1)
    expected = []
    firsts = set(crowd.reactors(0))
    for minute in (1, 3):
        expected.append((time(60 * minute), len(firsts & set(crowd.reactors(minute))) / len(firsts)))
    assert [(row["minute_start"], row["share"]) for row in found] == [(at, round(share, 4)) for at, share in expected]
