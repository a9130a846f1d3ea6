"""Taps and votes that a gateway took up to an hour ago and that come only now, in no order.

So it is when a gateway was cut off from Kafka with its taps kept, or a topic is mirrored late from another region. They
are written into Kafka as a gateway would have written them, and noted in the crowd's ledger as acknowledged.
"""

import asyncio
import secrets
import time
from collections.abc import Iterable, Sequence
from contextlib import closing
from random import Random
from typing import TypeVar

import msgspec
from kafka import KafkaProducer

from contracts import topics
from contracts.buckets import ALPHABET, partition
from contracts.events import ReactionsRecord, Vote, VotesRecord
from contracts.windows import window_start
from ovation.audience.ledger import Attempt
from ovation.audience.stage import Stage
from ovation.kafka_admin import connected, partition_counts

LATE_MS = 3_600_000
"""None is later."""
RECORDS, VOTES = 60, 30
"""Of each stream."""
_VOTER, _RECEIPT = 22, 26
"""Characters of a voter's hash, and of a receipt behind the gateway."""
_BASE32 = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_SEND_S = 20
EDGE = "late"

T = TypeVar("T")


class Late:
    """Writes for the crowd that it was told of last. `write` may be called from any thread."""

    def __init__(self, bootstrap: str) -> None:
        self._bootstrap = bootstrap
        self._stages: list[Stage] = []
        self._choose = Random()  # noqa: S311 - to be had again, not a secret
        self._loop: asyncio.AbstractEventLoop | None = None

    def follow(self, stages: Sequence[Stage], seed: int) -> None:
        """Write for this crowd from now on, whose loop is the running one."""
        self._stages, self._choose = list(stages), Random(f"late {seed}")  # noqa: S311
        self._loop = asyncio.get_running_loop()

    def write(self) -> None:
        """Write them, and note what they must come to. Raises KafkaError."""
        assert self._loop is not None
        now_ms = int(time.time() * 1000)
        taps = self._shuffled((stage, self._taps(stage, now_ms)) for stage in self._stages * RECORDS)
        votes = self._shuffled((stage, self._vote(stage, now_ms)) for stage in self._stages * VOTES)
        with connected(self._bootstrap) as admin:
            partitions = partition_counts(admin, [topics.VOTES])[topics.VOTES.name]
        with closing(KafkaProducer(bootstrap_servers=self._bootstrap, acks="all")) as producer:
            sent = [
                producer.send(topics.REACTIONS.name, msgspec.json.encode(record), record["stream_id"].encode())
                for _, record in taps
            ]
            for _, vote in votes:
                batch: VotesRecord = {"v": 1, "region": "local", "edge": EDGE, "votes": [vote]}
                place = partition(vote["voter"], partitions)
                sent.append(producer.send(topics.VOTES.name, msgspec.json.encode(batch), partition=place))
            for each in sent:
                each.get(_SEND_S)
        # The crowd writes into its ledger on its own loop.
        self._loop.call_soon_threadsafe(_note, taps, votes)

    def _shuffled(self, what: Iterable[T]) -> list[T]:
        things = list(what)
        self._choose.shuffle(things)
        return things

    def _taps(self, stage: Stage, now_ms: int) -> ReactionsRecord:
        emojis = self._choose.sample(stage.emojis, k=2)
        return {
            "v": 1,
            "stream_id": stage.stream_id,
            "region": "local",
            "edge": EDGE,
            "at": now_ms - self._choose.randrange(LATE_MS),
            "counts": {emoji: self._choose.randint(1, 3) for emoji in emojis},
        }

    def _vote(self, stage: Stage, now_ms: int) -> Vote:
        at_ms = now_ms - self._choose.randrange(LATE_MS)
        return {
            "stream_id": stage.stream_id,
            "poll_id": stage.poll_id,
            "voter": "".join(secrets.choice(ALPHABET) for _ in range(_VOTER)),
            "receipt": _receipt(at_ms),
            "at": at_ms,
            "choices": 1 << self._choose.randrange(len(stage.option_ids)),
            "options": len(stage.option_ids),
            "max_choices": 1,
            "allow_change": False,
            "allow_withdraw": False,
            "eligible": True,
            "deadline": None,
        }


def _receipt(at_ms: int) -> str:
    """Return a ULID, as gateways write it."""
    number = at_ms << 80 | secrets.randbits(79)
    return "".join(_BASE32[number >> shift & 31] for shift in range(5 * (_RECEIPT - 1), -1, -5))


def _note(taps: Iterable[tuple[Stage, ReactionsRecord]], votes: Iterable[tuple[Stage, Vote]]) -> None:
    for stage, record in taps:
        account = stage.account.taps
        for emoji, count in record["counts"].items():
            account.sent += count
            for _ in range(count):
                account.acknowledge(window_start(record["at"]), emoji)
    now_s = time.perf_counter()
    for stage, vote in votes:
        choices = (stage.option_ids[vote["choices"].bit_length() - 1],)
        stage.ballots.note(f"late-{vote['voter']}", Attempt(choices, "acknowledged", now_s, now_s, vote["receipt"]))
