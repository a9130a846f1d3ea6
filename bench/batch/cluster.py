"""A broker, both stores, and a standalone Flink with one TaskManager, as `flink-conf/config.yaml` sets it up.

The embedded stack starts its JVMs to be small and soon ready (`local.flink.QUICK`); this one is as on a cluster of its
own, unless it is told otherwise: the optimising compiler is on.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from subprocess import Popen

import clickhouse_connect
import redis

from contracts import tables
from local import clickhouse_part, flink, kafka, zookeeper
from local import redis as redis_part
from local.flink import Tuning
from local.running import running
from local.settings import StackSettings, read_settings
from ovation.addresses import Addresses
from ovation.data_dir import CHECKOUT
from ovation.embedded import addresses_of
from ovation.migrations import migrate
from ovation.topics import create_topics

TASKMANAGER = flink.TASKMANAGERS[0]
OF_ITS_OWN = Tuning(java=())
"""As `flink-conf/config.yaml` says, and nothing more."""
SOON_READY = Tuning()
"""As the embedded stack has it, for short forms that say nothing about speed."""
MEMORY_MB = 4096

TABLES = (
    tables.REACTION_WINDOWS,
    tables.REACTION_MINUTES,
    tables.REACTION_HOURS,
    tables.VIDEO_WINDOWS,
    tables.REACTOR_SAMPLES,
    tables.BALLOTS,
)


@dataclass(frozen=True, slots=True)
class Cluster:
    """All of it, running. `pids` are the processes by the names of their parts; workers are the TaskManager's."""

    settings: StackSettings
    pids: dict[str, int]

    @property
    def addresses(self) -> Addresses:
        return addresses_of(self.settings)

    @property
    def taskmanager(self) -> int:
        return self.pids[TASKMANAGER]

    def empty_stores(self) -> None:
        """Forget all that was counted."""
        with redis.Redis.from_url(self.settings.redis_url) as live:
            live.flushall()
        history = clickhouse_connect.get_client(dsn=self.settings.clickhouse_url, interface="http")
        for table in TABLES:
            history.command(f"TRUNCATE TABLE {tables.DATABASE}.{table}")
        history.close()


@contextmanager
def broker(folder: Path) -> Iterator[StackSettings]:
    """Run a Kafka with Ovation's topics in `folder`, on free ports; the settings are for a `cluster` beside it."""
    settings = read_settings(folder, ephemeral_ports=True)
    with running(kafka.part(settings), settings):
        create_topics(settings.kafka_bootstrap)
        yield settings


@contextmanager
def cluster(settings: StackSettings, tuning: Tuning = OF_ITS_OWN, memory_mb: int = MEMORY_MB) -> Iterator[Cluster]:
    """Run the rest beside the broker of `settings`; the TaskManager takes `memory_mb`, its workers included."""
    own = settings.model_copy(update={"flink_taskmanager_mb": memory_mb})
    parts = (
        redis_part.part(own),
        clickhouse_part.part(own),
        zookeeper.part(own),
        flink.jobmanager(own),
        flink.taskmanager(own, TASKMANAGER, tuning),
    )
    with ExitStack() as stack:
        with ThreadPoolExecutor(len(parts)) as pool:
            started = pool.map(lambda part: stack.enter_context(running(part, own)), parts)
            processes: dict[str, Popen[bytes]] = {
                part.name: process for part, process in zip(parts, started, strict=True)
            }
        migrate(own.clickhouse_url, "default", "", CHECKOUT / "sql" / "migrations", report=lambda _: None)
        yield Cluster(own, {name: process.pid for name, process in processes.items()})
