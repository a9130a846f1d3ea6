"""All parts of a stack: who is needed stands before who needs it, so that the reverse is the order to stop them in."""

from collections.abc import Collection

from local import clickhouse_part, flink, gateway, kafka, mirror, redis, zookeeper
from local.part import Part
from local.secrets import load_or_create
from local.settings import StackSettings

PROCESSES = {
    "kafka": ("kafka",),
    "clickhouse": ("clickhouse",),
    "redis": ("redis",),
    "flink": (flink.JOBMANAGER, *flink.TASKMANAGERS, zookeeper.NAME),
    "gateway": ("gateway",),
}
"""What a person calls the parts, and the processes that each of them is."""


def processes_of(names: Collection[str]) -> list[str]:
    """Return the processes of the parts `names`."""
    return [process for name, processes in PROCESSES.items() if name in names for process in processes]


def parts_of(settings: StackSettings) -> dict[str, tuple[str, ...]]:
    """Return the parts of a stack, with the processes that each of them is. With other regions there is a mirror."""
    return {**PROCESSES, mirror.NAME: (mirror.NAME,)} if settings.neighbours else PROCESSES


def all_parts(settings: StackSettings) -> tuple[Part, ...]:
    """Return every process of `settings`. The stack's secrets are made if it has none yet."""
    return (
        kafka.part(settings),
        clickhouse_part.part(settings),
        redis.part(settings),
        zookeeper.part(settings),
        flink.jobmanager(settings),
        *(flink.taskmanager(settings, name) for name in flink.TASKMANAGERS),
        *mirror.parts(settings),
        *gateway.parts(settings, load_or_create(settings.data_dir)),
    )
