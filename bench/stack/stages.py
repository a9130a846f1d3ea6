"""Where the time of a tap goes: each place that it passes says how many taps of the stream have been there.

So a place is like a screen, and the k-th tap was there when it first said k or more. What is read besides, a topic and
a channel, costs the stack a little, so these figures come from runs of their own.
"""

import re
import threading
import time
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any

import msgspec
import numpy as np
import redis
from confluent_kafka import Consumer, TopicPartition

from bench.stack.shown import Delays, Floats, Ints, delays, gathered
from contracts import redis_keys, topics
from local.settings import StackSettings

FLUSHED, READ, WRITING, PUBLISHED = "left the gateway", "read from Kafka", "the job writes", "Redis tells"
PLACES = (FLUSHED, READ, WRITING, PUBLISHED)
"""By the record's time; by another consumer; by the `as_of` of the job's message; by a subscriber."""

_COUNTS = re.compile(rb'"totals":\{([^}]*)\}')
_NUMBER = re.compile(rb":(\d+)")
_AS_OF = re.compile(rb'"as_of":(\d+)')
_POLL_S = 0.2


@dataclass(slots=True)
class Place:
    """What a place has said: when (`time.monotonic`), and how many taps."""

    times: list[float] = field(default_factory=list)
    totals: list[int] = field(default_factory=list)

    def note(self, at: float, total: int) -> None:
        self.times.append(at)
        self.totals.append(total)

    def delays(self, sums: Ints, due: Floats) -> Delays:
        """Return how long after they were due taps were here."""
        order = np.argsort(self.times, kind="stable")
        return gathered([delays(sums, due, np.array(self.totals)[order], np.array(self.times)[order])])


class Stages:
    """Follows one stream, on threads of its own. Use it as a context manager before the first tap."""

    def __init__(self, settings: StackSettings, stream_id: str) -> None:
        self._settings = settings
        self._stream_id = stream_id
        self._stop = threading.Event()
        self._ready = threading.Event()
        self._wall = time.time() - time.monotonic()
        self._threads = [threading.Thread(target=work, daemon=True) for work in (self._topic, self._channel)]
        self.places = {name: Place() for name in PLACES}

    def __enter__(self) -> "Stages":
        for thread in self._threads:
            thread.start()
        self._ready.wait(30)
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join(5)

    def _topic(self) -> None:
        config = {"bootstrap.servers": self._settings.kafka_bootstrap, "group.id": f"stages-{self._stream_id}"}
        consumer = Consumer({**config, "enable.auto.commit": False, "fetch.wait.max.ms": 100})
        # From where the topic ends now: a position that is looked up later would miss the first taps.
        ends = [
            TopicPartition(topics.REACTIONS.name, partition, consumer.get_watermark_offsets(place)[1])
            for partition in range(topics.REACTIONS.partitions)
            for place in [TopicPartition(topics.REACTIONS.name, partition)]
        ]
        consumer.assign(ends)
        self._ready.set()
        total = 0
        while not self._stop.is_set():
            record = consumer.poll(_POLL_S)
            if record is None or record.error() or record.key() != self._stream_id.encode():
                continue
            value = record.value()
            assert value is not None
            total += sum(msgspec.json.decode(value)["counts"].values())
            self.places[READ].note(time.monotonic(), total)
            self.places[FLUSHED].note(record.timestamp()[1] / 1e3 - self._wall, total)
        consumer.close()

    def _channel(self) -> None:
        with redis.Redis.from_url(self._settings.redis_url) as client, closing(_feed(client)) as feed:
            feed.subscribe(redis_keys.live(self._stream_id))
            while not self._stop.is_set():
                message = feed.get_message(timeout=_POLL_S)
                counts = message and message["type"] == "message" and _COUNTS.search(message["data"])
                if not counts:
                    continue
                total = sum(int(number) for number in _NUMBER.findall(counts[1]))
                self.places[PUBLISHED].note(time.monotonic(), total)
                as_of = _AS_OF.search(message["data"])
                assert as_of is not None
                self.places[WRITING].note(int(as_of[1]) / 1e3 - self._wall, total)


def _feed(client: redis.Redis) -> Any:
    return client.pubsub()  # type: ignore[no-untyped-call]
