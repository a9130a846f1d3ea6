"""Kafka's own MirrorMaker 2: brings what gateways of other regions wrote into topics of this region's Kafka.

It stands beside the Kafka that it writes to, so a region that is lost takes none of the others' mirrors with it. It
copies in transactions, each with the offsets that it has come to: however it dies, a record is copied once, and in the
order of its partition (`exactly.once.source.support`). Readers ask for what is committed.
"""

from contracts import topics
from local import mirror_watch, ready
from local.java import find_java
from local.part import GIVES_WAY, Part, Port
from local.paths import KAFKA_JARS, LOG4J_CONFIG, MIRROR_JARS, PYTHON
from local.settings import StackSettings

NAME = "mirror"


def parts(settings: StackSettings) -> tuple[Part, ...]:
    """Return the mirror of `settings`, or nothing where there is no other region."""
    return (part(settings),) if settings.neighbours else ()


def part(settings: StackSettings, stands_s: float = mirror_watch.STANDS_S) -> Part:
    """Return the mirror of `settings`, which is ready once it runs: other regions may be away.

    One that has stood still for `stands_s` seconds ends.
    """
    path = settings.paths.run / f"{NAME}.properties"
    return Part(
        name=NAME,
        address=f"127.0.0.1:{settings.mirror_port}",
        command=(
            *(str(PYTHON), "-m", mirror_watch.__name__, str(stands_s), settings.kafka_bootstrap),
            *(f"{region}={bootstrap}" for region, bootstrap in settings.neighbours.items()),
            *("--", find_java()),
            *(f"-Xmx{settings.mirror_heap_mb}m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"),
            f"-Dlog4j2.configurationFile={LOG4J_CONFIG}",
            *("-cp", f"{KAFKA_JARS}/*:{MIRROR_JARS}/*"),
            "org.apache.kafka.connect.mirror.MirrorMaker",
            str(path),
            *("--clusters", settings.region),
        ),
        ready=lambda: ready.accepts(settings.mirror_port),
        ports=(Port(settings.mirror_port, "OVATION_MIRROR_PORT"),),
        prepare=lambda: _prepare(settings),
        nice=GIVES_WAY,
    )


def properties(settings: StackSettings) -> dict[str, str]:
    """Return its configuration, in its own option names."""
    own, others = settings.region, settings.neighbours
    clusters = {own: settings.kafka_bootstrap, **others}
    wanted = ",".join(topic.name for topic in topics.WRITTEN)
    flows: dict[str, str] = {}
    for other in others:
        flows |= {f"{other}->{own}.enabled": "true", f"{other}->{own}.topics": wanted}
        flows |= {f"{own}->{other}.enabled": "false"}
    return {
        "clusters": ",".join(clusters),
        **{f"{name}.bootstrap.servers": address for name, address in clusters.items()},
        **flows,
        "exactly.once.source.support": "enabled",
        f"{own}.exactly.once.source.support": "enabled",
        "dedicated.mode.enable.internal.rest": "true",
        "listeners": f"http://127.0.0.1:{settings.mirror_port}",
        "plugin.discovery": "service_load",
        # What is of the process, and not of what it copies, is read under the name of the cluster that it writes to.
        f"{own}.plugin.discovery": "service_load",
        # One that comes back while its group still waits for the dead one would otherwise stand idle for five minutes.
        f"{own}.scheduled.rebalance.max.delay.ms": "0",
        f"{own}.session.timeout.ms": "6000",
        f"{own}.heartbeat.interval.ms": "2000",
        "refresh.topics.interval.seconds": "5",
        # What gathers within so long is one transaction, whose cost is more than that of the records in it.
        **{f"{name}.consumer.fetch.min.bytes": "100000" for name in others},
        **{f"{name}.consumer.fetch.max.wait.ms": "25" for name in others},
        # All else that it could copy is this region's own: groups, their offsets, rights.
        "refresh.groups.enabled": "false",
        "sync.group.offsets.enabled": "false",
        "sync.topic.acls.enabled": "false",
        "emit.heartbeats.enabled": "false",
        "emit.checkpoints.enabled": "false",
        # Nothing of it is kept where it is read from.
        "offset-syncs.topic.location": "target",
        # One broker is all replicas.
        **{
            f"{name}.replication.factor": "1"
            for name in ("offset-syncs.topic", "heartbeats.topic", "checkpoints.topic")
        },
        **{f"{name}.storage.replication.factor": "1" for name in ("offset", "config", "status")},
        **{f"{name}.storage.partitions": "1" for name in ("offset", "status")},
        "replication.factor": "1",
        "tasks.max": "1",
    }


def _prepare(settings: StackSettings) -> None:
    path = settings.paths.run / f"{NAME}.properties"
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.write_text("".join(f"{key} = {value}\n" for key, value in properties(settings).items()), encoding="utf-8")
