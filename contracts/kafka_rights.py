"""What each program may do in a Kafka that asks for a name: `ovation migrate --grant` allows it, and nothing else.

Who may write or read a topic may also see that it is there. The user of the `ovation` command needs no right from here:
it creates topics and gives rights, so it is one of the brokers' `super.users`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from contracts import regions, topics

GATEWAY, JOBS, OPERATOR = "ovation_gateway", "ovation_jobs", "ovation_operator"
GROUPS = tuple(
    topics.consumer_group(job, sink) for job in ("reaction_window", "poll_dedup") for sink in ("redis", "clickhouse")
)


@dataclass(frozen=True, slots=True)
class Right:
    """A user may do something with a topic or a consumer group, from any host."""

    user: str
    may: Literal["read", "write", "describe"]
    kind: Literal["topic", "group"]
    name: str


RIGHTS = (
    *(Right(GATEWAY, "write", "topic", each.name) for each in topics.WRITTEN),
    Right(GATEWAY, "read", "topic", topics.CONTROL.name),
    # How far the jobs have come: before a result is final, and for the history's lag.
    *(Right(GATEWAY, "describe", "group", group) for group in GROUPS),
    *(Right(JOBS, "read", "topic", each.name) for each in topics.WRITTEN),
    *(Right(JOBS, "read", "group", group) for group in GROUPS),
    Right(JOBS, "write", "topic", topics.DEAD_LETTERS.name),
)


def rights(other_regions: Iterable[str] = ()) -> tuple[Right, ...]:
    """Return all rights, with those to what mirrors bring from other regions."""
    mirrored = [(topic, regions.mirrored(topic, region).name) for region in other_regions for topic in topics.WRITTEN]
    return (
        *RIGHTS,
        *(Right(JOBS, "read", "topic", name) for _, name in mirrored),
        *(Right(GATEWAY, "read", "topic", name) for topic, name in mirrored if topic is topics.CONTROL),
    )
