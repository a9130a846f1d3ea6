"""The live deployment of the poll job over a topic that is full, looked at again and again as its state grows."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import redis

from bench.batch.cluster import Cluster
from bench.batch.run import RunError, jcmd, submitted
from bench.batch.usage import Usage, usage
from bench.polls.votes import POLL_ID, STREAM_ID, Crowd
from contracts import redis_keys
from local.settings import StackSettings
from ovation.deployments import choose
from ovation.flink_api import Flink
from ovation.terminal import err

LOOK_S = 0.05
LIVE = choose("poll_dedup-redis")[0]


@dataclass(frozen=True, slots=True)
class Slice:
    """A stretch of the votes: how many votes were `received` by its end, how many of them in it, and what it took."""

    received: int
    votes: int
    wall_s: float
    used: Usage

    @property
    def per_core(self) -> float:
        """Votes for a second of processor time of the TaskManager and its workers."""
        return self.votes / self.used.all


def grow(
    cluster: Cluster,
    crowd: Crowd,
    slices: int,
    *,
    options: Sequence[str] = (),
    timeout_s: float = 900,
    profile: Path | None = None,
) -> list[Slice]:
    """Let the deployment count the whole crowd, and return what each of `slices` parts of it took.

    The first begins with the first tally in Redis. `options` are Flink's, as `key=value`. With `profile` a recording of
    JDK Flight Recorder is written there, of the part in the middle: recording costs.

    Raises RunError when the job is not done after `timeout_s`, was started again, or came to other numbers.
    """
    cluster.empty_stores()
    found: list[Slice] = []
    middle = (slices + 1) // 2
    with submitted(cluster, LIVE, options, {}) as job, _received(cluster.settings) as received:
        deadline = time.monotonic() + timeout_s
        began = _reach(received, 1, cluster, deadline)
        for part in range(1, slices + 1):
            if profile and part == middle:
                jcmd(cluster.taskmanager, "JFR.start", "name=grown", "settings=profile", f"filename={profile}")
            ended = _reach(received, crowd.votes * part // slices, cluster, deadline)
            # A few thousand votes may be counted before the first look, in less than the system can measure.
            votes = max(ended.received - began.received, 1)
            found.append(Slice(ended.received, votes, ended.at - began.at, (ended.used - began.used).measurable()))
            err.print(
                f"  {ended.received:,} votes counted, {found[-1].per_core:,.0f} for a second of a core", markup=False
            )
            if profile and part == middle:
                jcmd(cluster.taskmanager, "JFR.stop", "name=grown")
                ended = _reach(received, ended.received, cluster, deadline)
            began = ended
        if restarts := Flink(cluster.settings.flink_url).restarts(job):
            raise RunError(f"{LIVE.name} was started again {restarts} times")
    _check(cluster.settings, crowd)
    return found


@dataclass(frozen=True, slots=True)
class _Moment:
    received: int
    at: float
    used: Usage


def _reach(received: Callable[[], int], wanted: int, cluster: Cluster, deadline: float) -> _Moment:
    while (votes := received()) < wanted:
        if time.monotonic() > deadline:
            raise RunError(f"{votes:,} of {wanted:,} votes were counted when time was over")
        time.sleep(LOOK_S)
    return _Moment(votes, time.monotonic(), usage(cluster.taskmanager))


@contextmanager
def _received(settings: StackSettings) -> Iterator[Callable[[], int]]:
    """Yield a function that returns how many votes the tally in Redis has."""
    with redis.Redis.from_url(settings.redis_url) as live:
        yield lambda: int(live.hget(redis_keys.poll(STREAM_ID, POLL_ID), "received") or 0)


def _check(settings: StackSettings, crowd: Crowd) -> None:
    """Hold the tally against the crowd's own count. Raises RunError where they differ."""
    with redis.Redis.from_url(settings.redis_url, decode_responses=True) as live:
        shown: dict[str, str] = live.hgetall(redis_keys.poll(STREAM_ID, POLL_ID))
    expected = {f"option:{option}": votes for option, votes in crowd.counted().items()}
    expected |= {"received": crowd.votes, "voters": crowd.voters, "duplicate": crowd.votes - crowd.voters}
    wrong = {name: shown.get(name) for name, number in expected.items() if shown.get(name) != str(number)}
    if wrong:
        raise RunError(f"The tally should have {expected}, and has {wrong}")
