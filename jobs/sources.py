"""Kafka topics as tables."""

from collections.abc import Sequence

from pyflink.table import TableEnvironment

from contracts import regions
from contracts.kafka_login import MECHANISM
from contracts.topics import Topic
from jobs.environment import Pace
from jobs.settings import JobSettings

_KAFKA = "org.apache.flink.kafka.shaded.org.apache.kafka.common"
"""Where the connector's own Kafka client is."""


def connection(settings: JobSettings) -> str:
    """Return the options that say where Kafka is, and who the job is to it.

    A job carries neither name nor password, only where to find them: Kafka's client takes them from the environment of
    the process that it runs in. That is a TaskManager, and the JobManager, where a source looks for partitions.
    """
    options = {"bootstrap.servers": settings.kafka_bootstrap}
    if settings.kafka_security != "plaintext":
        options |= {
            "security.protocol": settings.kafka_security.upper(),
            "sasl.mechanism": MECHANISM,
            "sasl.jaas.config": f"{_KAFKA}.security.scram.ScramLoginModule required "
            'username="${env:OVATION_KAFKA_USERNAME}" password="${env:OVATION_KAFKA_PASSWORD}";',
            "config.providers": "env",
            "config.providers.env.class": f"{_KAFKA}.config.provider.EnvVarConfigProvider",
            "config.providers.env.param.allowlist.pattern": "OVATION_KAFKA_(USERNAME|PASSWORD)",
        }
    if settings.kafka_ca_file:
        options |= {"ssl.truststore.type": "PEM", "ssl.truststore.location": settings.kafka_ca_file}
    return ",\n        ".join(f"'properties.{name}' = '{value}'" for name, value in options.items())


def everywhere(topic: Topic, settings: JobSettings) -> str:
    """Return the names of the topics that hold what the gateways of all regions wrote to `topic`."""
    return ";".join([topic.name, *(regions.mirrored(topic, region).name for region in settings.other_regions)])


def kafka(names: str, pace: Pace, settings: JobSettings, group: str | None = None) -> str:
    """Return the options of a Kafka source that reads the topics `names` from their beginning.

    A deployment without state recounts what Kafka retains; its sink writes absolute values, so nothing counts twice.
    The positions live in Flink's checkpoints. With a `group` they are also committed to Kafka whenever a checkpoint is
    complete, for others to read; no deployment starts from them. A position below the committed one is in the store:

    - the checkpoint's barrier leaves the source behind every record that the position counts, and overtakes no row on
      its way, because checkpoints stay aligned (`jobs.environment`);
    - an aggregate with mini-batches emits what it holds before it lets the barrier pass
      (`prepareSnapshotPreBarrier`), and so does an operator that runs Python, whose bundle is finished only when the
      sink function has returned, which is when its store has answered;
    - the checkpoint is complete when the last operator has seen the barrier, and the commit comes after that.

    Where a topic is read twice, as for its dead letters, only the branch that fills the store has the group.

    A mirror writes in transactions, so that it copies each record once whenever it dies; what of them was not committed
    is not read.
    """
    committed = f"'properties.group.id' = '{group}'," if group else ""
    return f"""
        'connector' = 'kafka',
        'topic' = '{names}',
        {connection(settings)},
        'properties.isolation.level' = 'read_committed',
        'properties.fetch.max.wait.ms' = '{pace.fetch_wait_ms}',
        'properties.fetch.min.bytes' = '{pace.fetch_min_bytes}',
        'properties.enable.auto.commit' = 'false',
        {committed}
        'scan.startup.mode' = 'earliest-offset',
        'scan.topic-partition-discovery.interval' = '{settings.partition_discovery_s} s'"""


RAW = "'format' = 'raw'"
"""Bytes as they are: the functions of `jobs/java` read them."""


def define_records(env: TableEnvironment, name: str, sources: Sequence[str]) -> None:
    """Define the table `name` of records as bytes: all those of `sources`, which are the options of a table each."""
    create = "CREATE TEMPORARY TABLE {name} (`value` BYTES) WITH ({source})"
    if len(sources) == 1:
        env.execute_sql(create.format(name=name, source=sources[0]))
        return
    parts = [f"{name}_{number}" for number in range(1, len(sources) + 1)]
    for part, source in zip(parts, sources, strict=True):
        env.execute_sql(create.format(name=part, source=source))
    union = " UNION ALL ".join(f"SELECT `value` FROM {part}" for part in parts)
    env.execute_sql(f"CREATE TEMPORARY VIEW {name} AS {union}")


def bounded_kafka(topic: str, settings: JobSettings, start: str, end: str) -> str:
    """Return the options of a Kafka source that reads `topic` between two positions and ends.

    Positions are in Flink's notation, `partition:0,offset:42;partition:1,offset:300`, and name every partition. They
    are committed to nobody.
    """
    return f"""
        'connector' = 'kafka',
        'topic' = '{topic}',
        {connection(settings)},
        'properties.enable.auto.commit' = 'false',
        'scan.startup.mode' = 'specific-offsets',
        'scan.startup.specific-offsets' = '{start}',
        'scan.bounded.mode' = 'specific-offsets',
        'scan.bounded.specific-offsets' = '{end}'"""


def bounded_files(path: str) -> str:
    """Return the options of a source that reads the lines of all files under `path` and ends.

    Files whose name ends in `.gz` are unpacked.
    """
    return f"""
        'connector' = 'filesystem',
        'path' = '{path}'"""
