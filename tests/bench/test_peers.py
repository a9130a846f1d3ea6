"""The peers count what the jobs count, over a broker of the test's own."""

import json
from collections import Counter
from collections.abc import Iterator

import pytest
from confluent_kafka import Producer
from kafka import KafkaAdminClient
from kafka.admin import NewTopic

from bench.peers import running as peers
from bench.polls.votes import POLL_ID, STREAM_ID, Crowd
from contracts import topics
from local import kafka
from tests.gateway.processes import running, stack_settings

pytestmark = pytest.mark.skipif(not peers.is_installed(), reason="`make .local/done/peers` installs the peers")

COMMIT_S = 1.0


@pytest.fixture(scope="module")
def bootstrap(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("peers")
    stack = stack_settings(folder)
    with running(kafka.part(stack), folder):
        admin = KafkaAdminClient(bootstrap_servers=stack.kafka_bootstrap)
        admin.create_topics([NewTopic(each.name, each.partitions, 1) for each in (topics.REACTIONS, topics.VOTES)])
        admin.close()
        yield stack.kafka_bootstrap


@pytest.fixture(scope="module")
def taps(bootstrap: str) -> tuple[int, dict[str, int]]:
    """How many records of taps there are, and their taps by stream and emoji."""
    producer = Producer({"bootstrap.servers": bootstrap})
    totals: Counter[str] = Counter()
    for number in range(400):
        stream_id, counts = f"stream-{number % 7}", {"🔥": 1 + number % 5, "👏": 2}
        record = {"v": 1, "stream_id": stream_id, "region": "eu", "edge": "gw-1", "at": 1_763_800_000_000 + number * 30}
        producer.produce(topics.REACTIONS.name, json.dumps({**record, "counts": counts}), key=stream_id)
        totals.update({f"{stream_id} {emoji}": taps for emoji, taps in counts.items()})
    producer.flush()
    return 400, totals


@pytest.fixture(scope="module")
def votes(bootstrap: str) -> tuple[int, dict[str, int]]:
    """How many records of votes there are, and the votes of each option when a voter's first one counts."""
    producer = Producer({"bootstrap.servers": bootstrap})
    crowd = Crowd(voters=1_000, votes_per_record=50)
    records = list(crowd.records(topics.VOTES.partitions))
    for partition, value in records:
        producer.produce(topics.VOTES.name, value, partition=partition)
    producer.flush()
    return len(records), {f"{STREAM_ID} {POLL_ID} {option}": votes for option, votes in crowd.counted().items()}


@pytest.mark.parametrize("peer", ["quix_reactions", "bytewax_reactions"])
def test_a_peer_counts_every_tap(peer: peers.Peer, bootstrap: str, taps: tuple[int, dict[str, int]]) -> None:
    records, totals = taps
    took = peers.run(peer, bootstrap, topics.REACTIONS.name, records, COMMIT_S)
    assert took.counted == totals
    assert took.cpu_s > 0


@pytest.mark.parametrize("peer", ["quix_polls", "quix_polls_by_key", "bytewax_polls"])
def test_a_peer_counts_a_voter_once(peer: peers.Peer, bootstrap: str, votes: tuple[int, dict[str, int]]) -> None:
    records, totals = votes
    took = peers.run(peer, bootstrap, topics.VOTES.name, records, COMMIT_S)
    assert took.counted == totals
    assert took.cpu_s > 0
