"""All parts of a stack: who is needed stands before who needs it, so that the reverse is the order to stop them in."""

from collections.abc import Collection

from local import clickhouse_part, flink, gateway, kafka, mirror, redis, zookeeper
from local.part import Part
from local.secrets import load_or_create
from local.settings import StackSettings

PROCESSES = {
    "kafka": ("kafka",),
    "clickhouse": ("clickhouse",),
    "redis": redis.MASTERS,
    "flink": (flink.JOBMANAGER, *flink.TASKMANAGERS, zookeeper.NAME),
    "gateway": ("gateway",),
}
"""What a person calls the parts, and the processes that each of them can be; a stack may have fewer of them."""


def processes_of(names: Collection[str]) -> list[str]:
    """Return the processes of the parts `names`."""
    return [process for name, processes in PROCESSES.items() if name in names for process in processes]


def parts_of(settings: StackSettings) -> dict[str, list[str]]:
    """Return the processes of each part in a stack of `settings`. Where there are other regions it has a mirror."""
    lacking = {*flink.TASKMANAGERS, *redis.MASTERS} - {*flink.taskmanagers(settings), *redis.masters(settings)}
    found = {name: [each for each in processes if each not in lacking] for name, processes in PROCESSES.items()}
    return {**found, mirror.NAME: [mirror.NAME]} if settings.neighbours else found


def all_parts(settings: StackSettings) -> tuple[Part, ...]:
    """Return every process of `settings`. The stack's secrets are made if it has none yet."""
    return (
        kafka.part(settings),
        clickhouse_part.part(settings),
        *redis.parts(settings),
        zookeeper.part(settings),
        flink.jobmanager(settings),
        *(flink.taskmanager(settings, name) for name in flink.taskmanagers(settings)),
        *mirror.parts(settings),
        *gateway.parts(settings, load_or_create(settings.data_dir)),
    )
