"""Where Flink's JobManager keeps what it must know again after a crash: the ZooKeeper that Flink's distribution brings.

With it a JobManager that was killed finds its jobs and their last checkpoints; without, they would be gone until
somebody submits them again.
"""

import hashlib

from local import ready
from local.java import find_java
from local.part import GIVES_WAY, Part, Port
from local.paths import FLINK_HOME, LOG4J_CONFIG
from local.settings import StackSettings

NAME = "flink-zookeeper"
SERVER_CLASS = "org.apache.flink.runtime.zookeeper.FlinkZooKeeperQuorumPeer"
SESSION_MS = 6_000
"""So long after its death a JobManager is still the leader, and the next one waits; one that starves for so long lays
down its lead, and all jobs start again."""
FOLLOWING_SESSION_MS = 60_000
"""A TaskManager only follows who leads. One whose session ends while nobody leads may never hear of the next leader
(`local/jobmanager_watch.py` says why), and ends itself after five minutes."""
SESSION = "high-availability.zookeeper.client.session-timeout"
FOLLOWING = {SESSION: str(FOLLOWING_SESSION_MS)}
"""What a TaskManager is told otherwise than `options` says."""
TICK_MS = 500
KEEP_EMPTY = f"-Dznode.container.checkIntervalMs={2**31 - 1}"
"""How seldom empty containers are taken away. Without the one of the election, a JobManager whose session ended joins
no election any more, and nobody leads (CURATOR-724, in the client that Flink brings)."""


def part(settings: StackSettings) -> Part:
    """Return the ZooKeeper of `settings`."""
    config = settings.paths.run / f"{NAME}.properties"
    return Part(
        name=NAME,
        address=f"127.0.0.1:{settings.flink_zookeeper_port}",
        command=(
            find_java(),
            *("-Xms32m", "-Xmx64m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", KEEP_EMPTY),
            *settings.java_options.split(),
            f"-Dlog4j2.configurationFile={LOG4J_CONFIG}",
            *("-cp", f"{FLINK_HOME / 'lib'}/*", SERVER_CLASS, "--zkConfigFile", str(config), "--peerId", "1"),
        ),
        ready=lambda: ready.accepts(settings.flink_zookeeper_port),
        ports=(Port(settings.flink_zookeeper_port, "OVATION_FLINK_ZOOKEEPER_PORT"),),
        prepare=lambda: _prepare(settings),
        nice=GIVES_WAY,
    )


def options(settings: StackSettings) -> dict[str, str]:
    """Return what Flink's processes must know of it."""
    return {
        "high-availability.type": "zookeeper",
        "high-availability.storageDir": (settings.data_dir / "flink" / "recovery").as_uri(),
        "high-availability.cluster-id": f"/{_cluster_id(settings)}",
        "high-availability.zookeeper.quorum": f"127.0.0.1:{settings.flink_zookeeper_port}",
        SESSION: str(SESSION_MS),
        # A ZooKeeper that is away for a moment takes no leader its jobs.
        "high-availability.zookeeper.client.tolerate-suspended-connections": "true",
    }


def _cluster_id(settings: StackSettings) -> str:
    """Return a name for these addresses: a job carries them, so at other ones it is not to be found again."""
    addresses = f"{settings.kafka_bootstrap} {settings.redis_url} {settings.clickhouse_url}"
    if settings.regions:
        addresses += f" {settings.region} {settings.regions}"
    return hashlib.sha256(addresses.encode()).hexdigest()[:16]


def _prepare(settings: StackSettings) -> None:
    folder = settings.data_dir / "flink" / "zookeeper"
    for each in (folder, settings.paths.run):
        each.mkdir(mode=0o700, parents=True, exist_ok=True)
    properties = {
        "dataDir": folder,
        "clientPort": settings.flink_zookeeper_port,
        "clientPortAddress": "127.0.0.1",
        "tickTime": TICK_MS,
        "minSessionTimeout": SESSION_MS,
        "maxSessionTimeout": FOLLOWING_SESSION_MS,
        "autopurge.snapRetainCount": 3,
        "autopurge.purgeInterval": 1,
        "admin.enableServer": "false",
        # One server needs no others to agree with, and none of these ports is opened.
        "initLimit": 10,
        "syncLimit": 5,
        "server.1": "127.0.0.1:2888:3888",
    }
    path = settings.paths.run / f"{NAME}.properties"
    path.write_text("".join(f"{key}={value}\n" for key, value in properties.items()), encoding="utf-8")
