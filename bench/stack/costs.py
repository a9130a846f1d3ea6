"""What the stack has used, by process and by store, so that two looks at it give a cost."""

import os
from collections.abc import Iterable
from dataclasses import dataclass

import redis

from bench.last_mile.usage import cpu_s
from local import flink
from local.processes import descendants, python_workers_in
from local.stack import Stack
from ovation.clickhouse import connect

CLIENT = "client"
WORKERS = "python workers"
TASKMANAGERS = "taskmanagers"


def cpu_by_process(stack: Stack, more: Iterable[int] = ()) -> dict[str, float]:
    """Return the CPU seconds that each part has used so far; `more` are further gateways."""
    used: dict[str, float] = {}
    pids = stack.supervisor.pids()
    for name, pid in pids.items():
        group = TASKMANAGERS if name in flink.TASKMANAGERS else name.removeprefix("flink-")
        used[group] = used.get(group, 0.0) + cpu_s(pid)
    below = set().union(*(descendants(pids[name]) for name in flink.TASKMANAGERS if name in pids))
    used[WORKERS] = sum(map(_cpu_of, python_workers_in(below)))
    used["gateway"] = used.get("gateway", 0.0) + sum(map(cpu_s, more))
    used[CLIENT] = cpu_s(os.getpid())
    return used


def _cpu_of(pid: int) -> float:
    try:
        return cpu_s(pid)
    except FileNotFoundError:
        return 0.0


@dataclass(frozen=True, slots=True)
class Costs:
    """All that was used until a moment, or, as a difference, in between two."""

    cpu_s: dict[str, float]
    kafka_bytes: int
    redis_commands: int
    rows: int
    row_bytes: int

    def since(self, before: "Costs") -> "Costs":
        """Return what was used since."""
        return Costs(
            {name: used - before.cpu_s.get(name, 0.0) for name, used in self.cpu_s.items()},
            self.kafka_bytes - before.kafka_bytes,
            self.redis_commands - before.redis_commands,
            self.rows - before.rows,
            self.row_bytes - before.row_bytes,
        )


def costs(stack: Stack) -> Costs:
    """Return what was used so far."""
    settings = stack.settings
    logs = (settings.data_dir / "kafka" / "logs").glob("reactions-*/*.log")
    with redis.Redis.from_url(settings.redis_url) as client:
        info = client.info("stats")
    assert isinstance(info, dict)
    clickhouse = connect(settings.clickhouse_url, "default", "")
    parts = clickhouse.query(
        "SELECT sum(rows), sum(bytes_on_disk) FROM system.parts WHERE active AND database = 'ovation'"
    ).first_row
    clickhouse.close()
    return Costs(
        cpu_by_process(stack),
        sum(log.stat().st_size for log in logs),
        int(info["total_commands_processed"]),
        int(parts[0]),
        int(parts[1]),
    )
