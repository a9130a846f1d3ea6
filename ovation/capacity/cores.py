"""Processor time: how many cores each part keeps busy under a load."""

from dataclasses import dataclass

from ovation.capacity.crowd import Crowd
from ovation.capacity.fit import predicted
from ovation.capacity.given import Assumed
from ovation.capacity.load import Load, OfRedis
from ovation.capacity.measured import UnitCosts, features, mirrored_features


@dataclass(frozen=True, slots=True)
class GatewayCores:
    """What all gateways keep busy, by what they do."""

    taps: float
    records: float
    screens: float
    votes: float
    redis: float
    """Reading what Redis says of every stream that is watched there."""

    @property
    def total(self) -> float:
        return self.taps + self.records + self.screens + self.votes + self.redis


def gateway_cores(load: Load, crowd: Crowd, costs: UnitCosts, assumed: Assumed) -> GatewayCores:
    """Return what all gateways keep busy. The frame or request of a tap is measured with its check and its sum."""
    own = costs.parts["gateway: taps to records"]
    frame_s = costs.frame_s + costs.wake_s / crowd.frames_at_once
    return GatewayCores(
        taps=load.frames * frame_s + load.requests * costs.request_s,
        records=load.records * own["records"] + load.entries * own["entries"] + load.gateways * own["gateways"],
        screens=load.messages * costs.message_s,
        votes=load.votes * costs.vote_s,
        redis=1e-6 * (load.redis.deliveries * assumed.merge_us + load.redis.looks * assumed.look_us),
    )


@dataclass(frozen=True, slots=True)
class JobCores:
    """What both deployments of a job keep busy together: once for the work, and once for each subtask."""

    jvm: float
    python: float
    jvm_each: float = 0.0
    python_each: float = 0.0

    def total(self, parallelism: int) -> float:
        return self.jvm + self.python + parallelism * (self.jvm_each + self.python_each)


def reaction_cores(load: Load, costs: UnitCosts) -> JobCores:
    """Return what both deployments of `reaction_window` keep busy."""
    jvm, python = costs.parts["taskmanagers"], costs.parts["python workers"]
    return JobCores(
        jvm=predicted(jvm, features("taskmanagers", load)) - jvm["second"],
        python=predicted(python, features("python workers", load)) - python["second"],
        jvm_each=jvm["second"],
        python_each=python["second"],
    )


def poll_cores(load: Load, costs: UnitCosts) -> JobCores:
    """Return what both deployments of `poll_dedup` keep busy."""
    return JobCores(2 * load.votes_counted * costs.ballot_jvm_s, 2 * load.votes_counted * costs.ballot_python_s)


def redis_cores(work: OfRedis, costs: UnitCosts, assumed: Assumed) -> float:
    """Return what Redis keeps busy for such work."""
    own = costs.parts["redis"]
    assumed_us = work.deliveries * assumed.delivery_us + work.looks * assumed.look_us
    return (
        work.calls * own["calls"]
        + work.changes * own["changes"]
        + 1e-6 * (assumed_us + work.presence * assumed.presence_us)
    )


def kafka_cores(load: Load, costs: UnitCosts) -> float:
    """Return what one broker keeps busy. A record of votes costs as one of taps, and holds several."""
    own = predicted(costs.parts["kafka"], features("kafka", load))
    return own + predicted(costs.copies, mirrored_features(load))


def mirror_cores(load: Load, costs: UnitCosts) -> float:
    """Return what the mirror beside one region's Kafka keeps busy, nothing where there is no other region."""
    return predicted(costs.mirror, mirrored_features(load))


def clickhouse_cores(load: Load, costs: UnitCosts) -> float:
    """Return what ClickHouse keeps busy. A ballot costs as a row."""
    own = costs.parts["clickhouse"]
    return own["second"] + (load.rows_sent + load.votes_counted) * own["rows"]
