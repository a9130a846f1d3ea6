"""Becomes a mirror, and ends it where it stands: `python -m local.mirror_watch SECONDS OWN REGION=BROKER… -- COMMAND…`.

A task of MirrorMaker 2 that has failed stays failed, in a process that lives on and whose port answers. So its work is
looked at instead: where `control` of another region grows, by that region's signs of life if by nothing else, its copy
must grow, too. What ended is started again by whatever supervises it, and copies on from where it was.
"""

import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass

from kafka import IsolationLevel, TopicPartition
from kafka.admin import OffsetSpec
from kafka.errors import KafkaError

from contracts import regions, topics
from contracts.topics import Topic
from local import watching
from ovation import kafka_admin

STANDS_S = 60.0
"""A mirror that has not copied what it could for so long is ended: longer than one takes to start."""
LOOK_S = 5.0
ANSWER_S = 5.0
"""How long a broker may take to answer; of one that does not, nothing can be said."""


@dataclass(slots=True)
class Standing:
    """Whether one region's records are waiting: ends of a topic there and of its copy here, looked at now and then."""

    patience_s: float
    _there: int = -1
    _here: int = -1
    _since: float = 0.0

    def look(self, there: int, here: int, now: float) -> bool:
        """Note both ends at the time `now`, in seconds; return whether the copy has not grown though it should have."""
        if here != self._here or there == self._there:
            self._there, self._here, self._since = there, here, now
        return now - self._since > self.patience_s

    def forget(self) -> None:
        """Begin anew, because one of the ends is not known."""
        self._here = -1


def main(words: list[str]) -> None:
    """Become the mirror, and watch it from a child."""
    patience_s, own, *others = words[: words.index("--")]
    command = words[words.index("--") + 1 :]
    brokers = dict(other.split("=", 1) for other in others)
    watching.become(command, lambda mirror: watch(mirror, float(patience_s), own, brokers))


def watch(mirror: int, patience_s: float, own: str, others: Mapping[str, str]) -> None:
    """Look at what the process `mirror`, this one's parent, brings to the broker `own`, for as long as it lives."""
    standing = {region: Standing(patience_s) for region in others}
    while watching.lives(mirror):
        for region, bootstrap in others.items():
            try:
                there, here = end(bootstrap, topics.CONTROL), end(own, regions.mirrored(topics.CONTROL, region))
            except (KafkaError, OSError):
                standing[region].forget()
                continue
            if standing[region].look(there, here, time.monotonic()):
                why = f"The mirror has brought nothing of {region} for {patience_s:.0f} s, though there is something"
                watching.end(mirror, why)
        time.sleep(LOOK_S)


def end(bootstrap: str, topic: Topic) -> int:
    """Return how far `topic`'s first partition can be read, past what was committed. Raises KafkaError or OSError."""
    part = TopicPartition(topic.name, 0)
    with kafka_admin.connected(bootstrap, timeout_s=ANSWER_S) as admin:
        found = admin.list_partition_offsets({part: OffsetSpec.LATEST}, isolation_level=IsolationLevel.READ_COMMITTED)
    return int(found[part].offset)


if __name__ == "__main__":
    main(sys.argv[1:])
