"""Kafka: whether it answers, and whether the topics are as the contract says."""

import socket
from collections.abc import Iterator
from typing import Any

from kafka import KafkaAdminClient
from kafka.admin import ConfigResource, ConfigResourceType
from kafka.errors import KafkaError

from contracts import topics
from contracts.topics import Topic
from ovation.doctor import records
from ovation.doctor.finding import Finding, broken, warning
from ovation.doctor.place import Place
from ovation.kafka_admin import connected

PART = "kafka"
_TIMEOUT_S = 5.0
_KNOCK_S = 2.0
_AT_LEAST = ("retention.ms",)
_AT_MOST = ("max.compaction.lag.ms",)


def check(place: Place) -> list[Finding]:
    """Ask Kafka at `place`."""
    bootstrap, login = place.addresses.kafka_bootstrap, place.addresses.kafka_login
    try:
        _knock(bootstrap.split(","))
        with connected(bootstrap, login, _TIMEOUT_S) as admin:
            return [*_topics(place, admin), *records.behind(place, admin), *records.dead_letters(place, admin)]
    except (KafkaError, OSError) as error:
        return [
            broken(
                PART,
                f"It does not answer at {bootstrap}: {str(error) or type(error).__name__}"
                + ("" if isinstance(error, OSError) else f". {login.doubt}"),
                "Votes are answered 503; taps wait in the gateways until their memory for it is full, then too.",
                place.start(PART),
            )
        ]


def _knock(servers: list[str]) -> None:
    """Return when a broker accepts a connection. The client would go on trying, and leave its sockets behind.

    Raises OSError when none does.
    """
    for number, server in enumerate(servers, 1):
        host, _, port = server.rpartition(":")
        try:
            socket.create_connection((host.strip("[]"), int(port)), _KNOCK_S).close()
        except OSError:
            if number == len(servers):
                raise
        else:
            return


def _topics(place: Place, admin: KafkaAdminClient) -> Iterator[Finding]:
    there = set(admin.list_topics())
    known = [topic for topic in topics.ALL if topic.name in there]
    described = {each["name"]: each["partitions"] for each in admin.describe_topics([each.name for each in known])}
    configs = _configs(admin, known)
    for topic in topics.ALL:
        if topic not in known:
            what = f"The topic `{topic.name}` is missing."
            yield broken(PART, what, "A job that reads it starts again and again.", place.ovation("migrate"))
            continue
        partitions = described[topic.name]
        if len(partitions) < topic.partitions:
            what = f"`{topic.name}` has {len(partitions)} partition(s) instead of {topic.partitions}."
            yield warning(
                PART, what, "One stream that goes viral is then read by fewer tasks.", place.ovation("migrate")
            )
        yield from _replicas(place, topic, partitions)
        yield from _config(place, topic, configs[topic.name])


def _replicas(place: Place, topic: Topic, partitions: list[Any]) -> Iterator[Finding]:
    leaderless = [each["partition_index"] for each in partitions if each["leader_id"] < 0]
    if leaderless:
        what = f"`{topic.name}` has no leader for partition(s) {', '.join(map(str, leaderless))}."
        yield broken(PART, what, "Nothing can be written there or read from there.", place.start(PART))
    elif short := [each for each in partitions if len(each["isr_nodes"]) < len(each["replica_nodes"])]:
        what = f"{len(short)} partition(s) of `{topic.name}` lack a replica."
        yield warning(PART, what, "Another broker that is lost may take acknowledged votes along.", place.start(PART))


def _configs(admin: KafkaAdminClient, known: list[Topic]) -> dict[str, dict[str, str]]:
    resources = [ConfigResource(ConfigResourceType.TOPIC, topic.name) for topic in known]
    found: Any = admin.describe_configs(resources, config_filter="all")
    return {
        name: {key: str(each["value"]) for key, each in entries.items()} for name, entries in found["topic"].items()
    }


def _config(place: Place, topic: Topic, config: dict[str, str]) -> Iterator[Finding]:
    for key, wanted in topic.config.items():
        has = config.get(key)
        if has is None:
            continue
        if key in _AT_LEAST:
            is_good = int(has) < 0 or int(has) >= int(wanted)
        elif key in _AT_MOST:
            is_good = int(has) <= int(wanted)
        else:
            is_good = key != "cleanup.policy" or has == wanted
        if not is_good:
            yield warning(
                PART,
                f"`{topic.name}` has {key}={has}, and the contract says {wanted}.",
                {
                    "retention.ms": "A job that is away for longer than that loses what was sent.",
                    "cleanup.policy": "Streams and polls are forgotten.",
                }.get(key, "A destroyed voter key stands in Kafka's files for longer."),
                f"kafka-configs.sh --bootstrap-server {place.addresses.kafka_bootstrap} --alter --entity-type topics "
                f"--entity-name {topic.name} --add-config {key}={wanted}",
            )
