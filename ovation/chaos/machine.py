"""Does harm to the processes of an embedded stack, and takes it back."""

import os
import resource
import signal
import time
from contextlib import suppress

from redis.exceptions import RedisError

from contracts.redis_cluster.sync import connect, shards
from local import ready, zookeeper
from local.flink import JOBMANAGER, TASKMANAGERS
from local.processes import descendants, python_workers_in
from local.stack import Stack
from ovation.chaos import cluster
from ovation.chaos.late import Late
from ovation.chaos.network import Network
from ovation.chaos.redis_numbers import Numbers, numbers
from ovation.embedded import addresses_of
from ovation.errors import OvationError

WORKERS = "python-workers"
"""The processes in which all Python functions of the jobs run; they are children of the TaskManagers."""
GATEWAYS = ("gateway", "gateway-2", "gateway-3")
PROCESSES = ("kafka", "redis", "clickhouse", *TASKMANAGERS, JOBMANAGER, zookeeper.NAME, *GATEWAYS, WORKERS)
"""Whoever can be killed or held."""
READY_S = 90.0
LOOK_S = 0.05


class Machine:
    """The stack that suffers, and the network before it. Its supervisor starts again what was killed."""

    def __init__(self, stack: Stack) -> None:
        self._stack = stack
        self.network = Network()
        self.late = Late(stack.settings.kafka_bootstrap)
        self._held: dict[str, list[int]] = {}
        self._ended: set[str] = set()
        self._began: dict[str, int] = {}

    def begin(self) -> None:
        """Note which processes there are before a schedule."""
        self._ended.clear()
        self._began = self._stack.supervisor.pids()

    def ended_by_themselves(self) -> list[str]:
        """Return whose process of the beginning is gone though nobody ended it."""
        now = self._stack.supervisor.pids()
        gone = {name for name, pid in self._began.items() if now.get(name) != pid}
        return sorted(gone - self._ended)

    def pids(self, name: str) -> list[int]:
        """Return the processes of `name` that are there now."""
        pids = self._stack.supervisor.pids()
        if name == WORKERS:
            return [pid for each in TASKMANAGERS if each in pids for pid in python_workers_in(descendants(pids[each]))]
        return [pids[name]] if name in pids else []

    def memory_mb(self) -> dict[str, int]:
        """Return the resident memory of every process that can be killed, in MiB."""
        there = {*self._stack.parts, WORKERS}
        return {name: sum(map(_resident_mb, self.pids(name))) for name in PROCESSES if name in there}

    def kill(self, name: str) -> None:
        """Kill without a word of warning."""
        self._ended.add(name)
        _signal(self.pids(name), signal.SIGKILL)

    def end(self, name: str) -> None:
        """Ask it to stop, as an operator's restart does."""
        self._ended.add(name)
        _signal(self.pids(name), signal.SIGTERM)

    def roll(self) -> None:
        """Restart one gateway after the other, each once the one before it is ready again, as a new version comes.

        Raises OvationError when one is not ready in time.
        """
        settings = self._stack.settings
        for name, port in zip(GATEWAYS, (settings.gateway_port, *settings.more_gateway_ports), strict=False):
            before, deadline = self.pids(name), time.monotonic() + READY_S
            self.end(name)
            while self.pids(name) == before or not ready.answers(port, "/readyz"):
                if time.monotonic() > deadline:
                    raise OvationError(f"{name} is not ready {READY_S:.0f} s after its restart.")
                time.sleep(LOOK_S)

    def hold(self, name: str) -> None:
        """Let it hang: it is there, its sockets are open, and it does nothing."""
        self._held[name] = self.pids(name)
        _signal(self._held[name], signal.SIGSTOP)

    def release(self, name: str) -> None:
        """Let what was held go on."""
        _signal(self._held.pop(name, []), signal.SIGCONT)

    def take_away(self, name: str) -> None:
        """Kill it, and keep it away."""
        self._ended.add(name)
        pids = self.pids(name)
        # What was killed first would be followed by another at once, and one that is just being forked may miss that it
        # is to stop. What is held hears of nothing until it is killed.
        _signal(pids, signal.SIGSTOP)
        self._stack.supervisor.begin_to_stop(name)
        _signal(pids, signal.SIGKILL)
        self._stack.supervisor.stop(name)

    def bring_back(self, name: str) -> None:
        """Start what was taken away."""
        self._stack.supervisor.start(name)

    @property
    def redis_url(self) -> str:
        """Where Redis is."""
        return self._stack.settings.redis_url

    def redis_numbers(self) -> Numbers:
        """Return what dashboards read there; nothing where it does not answer."""
        with suppress(RedisError):
            return numbers(self.redis_url)
        return {}

    def empty_redis(self) -> None:
        """Take from Redis all that it holds."""
        with connect(self.redis_url, timeout_s=5) as client, suppress(RedisError):
            for shard in shards(client):
                shard.redis.flushall()

    def block_checkpoints(self) -> None:
        """Put a file where the folder of checkpoints was: no user, root neither, can write into it."""
        folder = self._stack.settings.data_dir / "flink" / "checkpoints"
        folder.rename(folder.with_name("checkpoints-away"))
        folder.touch()

    def unblock_checkpoints(self) -> None:
        """Put the folder back."""
        folder = self._stack.settings.data_dir / "flink" / "checkpoints"
        if folder.is_file():
            folder.unlink()
            folder.with_name("checkpoints-away").rename(folder)

    def fill_disk(self, name: str) -> None:
        """Let no file of its processes become larger than it may be on a disk without room (`RLIMIT_FSIZE`)."""
        _limit_files(self.pids(name), 1)

    def free_disk(self, name: str) -> None:
        """Give it room again; a process that was started meanwhile has it."""
        _limit_files(self.pids(name), resource.RLIM_INFINITY)

    def poison(self) -> None:
        """Write into Kafka what is no record."""
        cluster.poison(self._stack.settings.kafka_bootstrap)

    def add_partitions(self) -> None:
        """Give the topics of taps and votes more partitions, which nobody can take back."""
        cluster.add_partitions(self._stack.settings.kafka_bootstrap)

    def move(self, deployment: str, parallelism: int) -> None:
        """Let a deployment go on from a savepoint at another parallelism."""
        cluster.move(addresses_of(self._stack.settings), deployment, parallelism)

    def heal(self) -> None:
        """Take back whatever harm is left, so that the next schedule begins well."""
        self.network.mend()
        for name in list(self._held):
            self.release(name)
        self.unblock_checkpoints()
        for name in self._stack.parts:
            self.free_disk(name)
            self.bring_back(name)


def _signal(pids: list[int], number: signal.Signals) -> None:
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, number)


def _limit_files(pids: list[int], size: int) -> None:
    for pid in pids:
        with suppress(ProcessLookupError):
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))


def _resident_mb(pid: int) -> int:
    try:
        with open(f"/proc/{pid}/statm", encoding="ascii") as statm:  # noqa: PTH123
            return int(statm.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") >> 20
    except OSError:
        return 0
