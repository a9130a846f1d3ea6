"""Kafka topics: their names, their shape, who writes them and who reads them."""

from dataclasses import dataclass, field

HOUR_MS = 3_600_000


@dataclass(frozen=True, slots=True)
class Topic:
    """One Kafka topic as `ovation migrate` creates it. `config` holds the broker's own option names."""

    name: str
    partitions: int
    config: dict[str, str] = field(default_factory=dict)


# Retention is the longest outage of a job that loses nothing. The state of the jobs outlives it (see jobs/settings.py):
# a total must never be forgotten while records that belong to it can still be read.
REACTIONS = Topic("reactions", 4, {"retention.ms": str(48 * HOUR_MS)})
"""Sums of taps, one record per stream, window and flush. Written by gateways; read by `reaction_window`."""

VOTES = Topic("votes", 4, {"retention.ms": str(8 * 24 * HOUR_MS)})
"""Micro-batches of votes, all of one partition. Written by gateways; read by `poll_dedup`."""

CONTROL = Topic(
    "control",
    1,
    {
        "cleanup.policy": "compact",
        "min.cleanable.dirty.ratio": "0.1",
        # How long a destroyed voter key may still stand in a file of Kafka's.
        "max.compaction.lag.ms": str(HOUR_MS),
    },
)
"""Streams, polls and API keys. Written and read by gateways; read by both jobs for the history. One partition, so that
every gateway sees the same order: of two records of a key with one revision, the first stands."""

DEAD_LETTERS = Topic("dead-letters", 1, {"retention.ms": str(30 * 24 * HOUR_MS)})
"""What could not be read: the original bytes, with headers saying where it stood and why it was refused."""

WRITTEN = (REACTIONS, VOTES, CONTROL)
"""What gateways write, and jobs read; every region must know what was written in the others."""

ALL = (*WRITTEN, DEAD_LETTERS)


class DeadLetterHeader:
    """Header names of a record in `dead-letters`. Topic, partition and offset name the original, so that a letter
    written again after a crash is recognised.
    """

    TOPIC = "ovation-topic"
    PARTITION = "ovation-partition"
    OFFSET = "ovation-offset"
    REASON = "ovation-reason"


def stream_key(stream_id: str) -> str:
    """Key of a stream's record in `control`."""
    return f"stream:{stream_id}"


def poll_key(stream_id: str, poll_id: str) -> str:
    """Key of a poll's record in `control`."""
    return f"poll:{stream_id}:{poll_id}"


def api_key_key(key_id: str) -> str:
    """Key of an API key's record in `control`."""
    return f"api-key:{key_id}"


def seal_key(stream_id: str, poll_id: str, region: str) -> str:
    """Key of a region's seal of a poll in `control`."""
    return f"seal:{stream_id}:{poll_id}:{region}"


def pulse_key(region: str) -> str:
    """Key of a region's sign of life in `control`."""
    return f"pulse:{region}"


def consumer_group(job: str, sink: str) -> str:
    """Return the group under which a deployment commits, with each checkpoint, how far its store is complete."""
    return f"ovation-{job}-{sink}"
