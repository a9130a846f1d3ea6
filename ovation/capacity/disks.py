"""Bytes at rest: what Kafka retains, and what a month adds to ClickHouse."""

from contracts import topics
from ovation.capacity import sizes
from ovation.capacity.crowd import Crowd
from ovation.capacity.fit import predicted
from ovation.capacity.load import Load
from ovation.capacity.measured import BALLOT_BYTES, UnitCosts, kafka_features, kept_features

GB = 1e9


def kafka_gb(work: Load, crowd: Crowd, costs: UnitCosts, replication: int) -> float:
    """Return the disk of all brokers of one region, as if the peak went on for all hours that are retained."""
    taps, votes = (
        min(crowd.hours, int(topic.config["retention.ms"]) / topics.HOUR_MS)
        for topic in (topics.REACTIONS, topics.VOTES)
    )
    of_taps = kafka_bytes_s(work, costs) * 3600 * taps
    # A poll of each stream is open once in an hour.
    of_votes = crowd.viewers * crowd.voting_share * sizes.vote_bytes() * votes
    return replication * (of_taps + of_votes) / GB


def kafka_bytes_s(work: Load, costs: UnitCosts) -> float:
    """Return the bytes of taps that one region's Kafka takes in a second, those that its mirror brings included."""
    return predicted(costs.kafka_bytes, kafka_features(work))


def clickhouse_gb(work: Load, crowd: Crowd, costs: UnitCosts) -> float:
    """Return what a month's rows take, merged, on one replica, as if each hour were the peak."""
    a_second = predicted(costs.kept_bytes, kept_features(work))
    return crowd.hours * (3600 * a_second + crowd.viewers * crowd.voting_share * BALLOT_BYTES) / GB
