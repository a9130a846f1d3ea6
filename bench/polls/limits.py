"""What no poll job can be faster than: its parts by themselves."""

import os
import time

import msgspec
from confluent_kafka import Consumer, TopicPartition

from bench.peers import running as peers
from contracts.events import VotesRecord
from contracts.topics import Topic

_TAKE = 1_000
_WAIT_S = 5.0


def decoding(bootstrap: str, topic: Topic, votes: int) -> float:
    """Return how many votes of `topic`, which has `votes`, are taken from Kafka and decoded for a second of a core.

    With msgspec, into the types of the contract; nothing is done with them.
    """
    consumer = Consumer({"bootstrap.servers": bootstrap, "group.id": "limits", "enable.auto.commit": False})
    consumer.assign([TopicPartition(topic.name, partition, 0) for partition in range(topic.partitions)])
    decoder = msgspec.json.Decoder(VotesRecord)
    decoded, began = 0, time.process_time()
    while decoded < votes and (records := consumer.consume(_TAKE, _WAIT_S)):
        for record in records:
            decoded += len(decoder.decode(record.value() or b"")["votes"])
    used_s = time.process_time() - began
    consumer.close()
    return decoded / used_s


def rocksdb(votes: int) -> float:
    """Return how many of `votes` voters RocksDB alone looks up and writes for a second of a core.

    Raises PeerError when it fails.
    """
    return votes / peers.run("rocksdb_alone", os.devnull, os.devnull, votes, commit_s=0).cpu_s
