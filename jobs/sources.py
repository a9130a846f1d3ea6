"""Kafka topics as tables."""

from contracts.topics import Topic
from jobs.environment import Pace
from jobs.settings import JobSettings


def kafka(topic: Topic, pace: Pace, settings: JobSettings) -> str:
    """Return the options of a Kafka source that reads `topic` from its beginning.

    A deployment without state recounts what Kafka retains; its sink writes absolute values, so nothing counts twice.
    The positions live in Flink's checkpoints; no consumer group is kept.
    """
    return f"""
        'connector' = 'kafka',
        'topic' = '{topic.name}',
        'properties.bootstrap.servers' = '{settings.kafka_bootstrap}',
        'properties.fetch.max.wait.ms' = '{pace.fetch_wait_ms}',
        'properties.enable.auto.commit' = 'false',
        'scan.startup.mode' = 'earliest-offset',
        'scan.topic-partition-discovery.interval' = '{settings.partition_discovery_s} s'"""


JSON = """
        'format' = 'json',
        'json.ignore-parse-errors' = 'true'"""
"""Decoding that steps over what it cannot read; `jobs.dead_letters` keeps what it stepped over."""


def bounded_files(path: str) -> str:
    """Return the options of a source that reads lines of JSON under `path` and ends: what the tests run on."""
    return f"""
        'connector' = 'filesystem',
        'path' = '{path}'"""
