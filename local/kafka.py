"""Apache Kafka as one process: broker and KRaft controller together."""

import subprocess
import uuid
from base64 import urlsafe_b64encode

from local import ready
from local.errors import StackError
from local.java import BRIEF, find_java
from local.part import Part, Port
from local.paths import KAFKA_JARS, LOG4J_CONFIG
from local.settings import StackSettings


def part(settings: StackSettings) -> Part:
    """Return the broker of `settings`."""
    properties = settings.data_dir / "kafka" / "server.properties"
    return Part(
        name="kafka",
        address=settings.kafka_bootstrap,
        command=(
            find_java(),
            f"-Xms{settings.kafka_heap_mb}m",
            f"-Xmx{settings.kafka_heap_mb}m",
            *settings.java_options.split(),
            f"-Dlog4j2.configurationFile={LOG4J_CONFIG}",
            "-cp",
            f"{KAFKA_JARS}/*",
            "kafka.Kafka",
            str(properties),
        ),
        ready=lambda: ready.accepts(settings.kafka_port),
        ports=(
            Port(settings.kafka_port, "OVATION_KAFKA_PORT"),
            Port(settings.kafka_controller_port, "OVATION_KAFKA_CONTROLLER_PORT"),
        ),
        prepare=lambda: prepare(settings),
        # A clean stop writes every log; without it the next start reads them all again.
        stop_wait_s=60,
    )


def server_properties(settings: StackSettings) -> dict[str, str]:
    """Return the broker's configuration, in its own option names."""
    return {
        "process.roles": "broker,controller",
        "node.id": "1",
        "controller.quorum.voters": f"1@127.0.0.1:{settings.kafka_controller_port}",
        "controller.listener.names": "CONTROLLER",
        "listeners": f"BROKER://{settings.kafka_bootstrap},CONTROLLER://127.0.0.1:{settings.kafka_controller_port}",
        "advertised.listeners": f"BROKER://{settings.kafka_bootstrap}",
        "inter.broker.listener.name": "BROKER",
        "listener.security.protocol.map": "BROKER:PLAINTEXT,CONTROLLER:PLAINTEXT",
        "log.dirs": str(settings.data_dir / "kafka" / "logs"),
        # Topics are created by `ovation migrate`, with the partitions that they need.
        "auto.create.topics.enable": "false",
        # One broker is all replicas.
        "offsets.topic.replication.factor": "1",
        "offsets.topic.num.partitions": "1",
        "transaction.state.log.replication.factor": "1",
        "transaction.state.log.min.isr": "1",
        "transaction.state.log.num.partitions": "1",
        "share.coordinator.state.topic.replication.factor": "1",
        "share.coordinator.state.topic.min.isr": "1",
        "share.coordinator.state.topic.num.partitions": "1",
        "group.initial.rebalance.delay.ms": "0",
        # Held from the start, and a quarter of the heap by default. `control`, the one topic that is compacted beside
        # Kafka's own, has some thousand keys; more of them take another turn.
        "log.cleaner.dedupe.buffer.size": str(4 * 1024 * 1024),
    }


def prepare(settings: StackSettings) -> None:
    """Write the configuration, and format the log folder when it is new.

    Raises StackError when Kafka refuses to format it.
    """
    folder = settings.data_dir / "kafka"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / "server.properties"
    path.write_text("".join(f"{key}={value}\n" for key, value in server_properties(settings).items()))
    if (folder / "logs" / "meta.properties").exists():
        return
    cluster_id = urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")  # May begin with a dash.
    command = [find_java(), "-Xmx256m", *BRIEF, f"-Dlog4j2.configurationFile={LOG4J_CONFIG}", "-cp", f"{KAFKA_JARS}/*"]
    command += ["kafka.tools.StorageTool", "format", f"--cluster-id={cluster_id}", "--config", str(path)]
    answer = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)  # noqa: S603
    if answer.returncode != 0:
        raise StackError(f"Kafka could not format {folder / 'logs'}: {(answer.stderr or answer.stdout).strip()}")
