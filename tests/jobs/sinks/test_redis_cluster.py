"""The sinks on three real masters: every script, what moves, and what is lost."""

import json
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest

from contracts import redis_keys
from contracts.picture import tally
from contracts.picture.reactions import SCRIPT, StreamCounts, script_call
from jobs.sinks.redis_client import ScriptClient
from tests.redis_cluster import Cluster, three_masters

START = 1_763_800_000_000
STREAMS = [f"s-{number}" for number in range(30)]


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    with three_masters(tmp_path_factory.mktemp("cluster")) as cluster:
        yield cluster


@pytest.fixture
def sink(cluster: Cluster) -> Iterator[ScriptClient]:
    sink = ScriptClient(cluster.url, SCRIPT)
    yield sink
    sink.close()


def taps(stream_id: str, count: int) -> Any:
    counts = StreamCounts(newest=START, totals={"🔥": count}, windows={START: {"🔥": count}})
    return script_call(stream_id, counts, START)


def total(cluster: Cluster, stream_id: str) -> int:
    return int(cluster.client.hget(redis_keys.reactions(stream_id), "🔥") or 0)  # type: ignore[arg-type]


def test_a_batch_writes_and_publishes_on_the_master_of_each_stream(cluster: Cluster, sink: ScriptClient) -> None:
    assert {cluster.owner(redis_keys.live(each)) for each in STREAMS} == set(cluster.addresses)
    its = cluster.owner(redis_keys.live("s-0"))
    another = next(each for each in cluster.addresses if each != its)
    with cluster.at(its).pubsub() as there, cluster.at(another).pubsub() as elsewhere:
        there.ssubscribe(redis_keys.live("s-0"))
        elsewhere.subscribe(redis_keys.live("s-0"))
        assert there.get_message(timeout=1)["type"] == "ssubscribe"
        assert elsewhere.get_message(timeout=1)["type"] == "subscribe"
        sink.run([taps(each, number + 1) for number, each in enumerate(STREAMS)])
        message = there.get_message(timeout=1)
        assert (message["type"], json.loads(message["data"])["totals"]) == ("smessage", {"🔥": 1})
        assert elsewhere.get_message(timeout=0.3) is None, "what is published stays on its shard"
    assert [total(cluster, each) for each in STREAMS] == list(range(1, len(STREAMS) + 1))


def test_tallies_of_polls_too(cluster: Cluster) -> None:
    sink = ScriptClient(cluster.url, tally.SCRIPT)
    text = tally.tally("eu=3", (3, 2, 1, 0, 0, 0, 0, 0), (1, 1))
    sink.run([tally.script_call(each, "p", {0: text}, START) for each in STREAMS])
    found: list[Any] = [cluster.client.hget(redis_keys.poll(each, "p"), "voters") for each in STREAMS]
    assert found == [b"2"] * len(STREAMS)
    sink.close()


def test_masters_that_have_forgotten_the_script_are_given_it_again(cluster: Cluster, sink: ScriptClient) -> None:
    sink.run([taps("forgotten", 1)])
    for address in cluster.addresses:
        cluster.at(address).script_flush()
    sink.run([taps(each, 100) for each in STREAMS])
    assert {total(cluster, each) for each in STREAMS} == {100}


def test_a_slot_that_moves_meanwhile_is_written_where_it_goes(cluster: Cluster, sink: ScriptClient) -> None:
    stream_id = "moving"
    sink.run([taps(stream_id, 1)])
    is_over = threading.Event()
    written = 1

    def write() -> None:
        nonlocal written
        while not is_over.is_set():
            written += 1
            sink.run([taps(stream_id, written), taps("s-0", 1_000 + written)])

    writing = threading.Thread(target=write)
    writing.start()
    try:
        for _ in range(3):
            cluster.move_slot(redis_keys.live(stream_id))
    finally:
        is_over.set()
        writing.join()
    assert written > 3
    assert (total(cluster, stream_id), total(cluster, "s-0")) == (written, 1_000 + written)


def test_a_slot_that_takes_long_to_move_is_waited_for(cluster: Cluster, sink: ScriptClient) -> None:
    sink.run([taps("slow", 1)])
    with cluster.moving_slot(redis_keys.live("slow")):
        writing = threading.Thread(target=sink.run, args=([taps("slow", 2)],))
        writing.start()
        time.sleep(1)
        assert writing.is_alive(), "some of its keys are here, and new ones there"
    writing.join(10)
    assert total(cluster, "slow") == 2


def test_a_lost_master_is_waited_for_and_what_it_lacks_is_written(cluster: Cluster, sink: ScriptClient) -> None:
    lost = cluster.owner(redis_keys.live("s-0"))
    cluster.kill(lost)
    writing = threading.Thread(target=sink.run, args=([taps(each, 10_000) for each in STREAMS],))
    writing.start()
    time.sleep(1)
    assert writing.is_alive(), "the job holds still"
    others = [each for each in STREAMS if cluster.owner(redis_keys.live(each)) != lost]
    assert {total(cluster, each) for each in others} == {10_000}, "the other masters have it already"
    cluster.start(lost, empty=True)
    writing.join(20)
    assert not writing.is_alive()
    assert {total(cluster, each) for each in STREAMS} == {10_000}
