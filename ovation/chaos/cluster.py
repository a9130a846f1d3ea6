"""What an operator does to Kafka and Flink while a crowd is there, and what nobody should write."""

from contextlib import closing

from kafka import KafkaProducer

from contracts import topics
from ovation.addresses import Addresses
from ovation.deployments import choose
from ovation.kafka_admin import connected, partition_counts
from ovation.submit import stop_all, submit

GROWN = (topics.REACTIONS, topics.VOTES)
MOST_PARTITIONS = 16
_NO_RECORDS = (
    b"",
    b"{",
    b"null",
    b"\xff\xfe\x00",
    b"[" * 5_000,
    b'{"v":1,"stream_id":7}',
    b'{"v":9e999}',
    b"\x00" * 100_000,
)
_SEND_S = 20


def add_partitions(bootstrap: str) -> None:
    """Give reactions and votes half as many partitions again, up to a bound."""
    with connected(bootstrap) as admin:
        found = partition_counts(admin, GROWN)
        grown = {name: min(number + max(number // 2, 1), MOST_PARTITIONS) for name, number in found.items()}
        more = {name: number for name, number in grown.items() if number > found[name]}
        if more:
            admin.create_partitions(more)


def poison(bootstrap: str) -> None:
    """Write what is no record into every topic that a job reads."""
    with closing(KafkaProducer(bootstrap_servers=bootstrap, acks="all")) as producer:
        for topic in GROWN:
            for value in _NO_RECORDS:
                producer.send(topic.name, value)
        producer.flush(_SEND_S)


def move(addresses: Addresses, deployment: str, parallelism: int) -> None:
    """Stop a deployment behind a savepoint, as for an upgrade, and let it go on from there at another parallelism.

    Raises OvationError when it cannot.
    """
    moved = choose(deployment)
    stop_all(addresses, deployments=moved, report=lambda _: None)
    submit(addresses, deployments=moved, parallelism=parallelism, report=lambda _: None)
