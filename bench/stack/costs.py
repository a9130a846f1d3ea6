"""What the stack has used, by process and by store, so that two looks at it give a cost."""

import os
from collections.abc import Mapping
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

import redis

from bench.last_mile.usage import cpu_s
from contracts import tables
from local import flink
from local.processes import descendants, marked, python_workers_in
from local.settings import StackSettings
from local.stack import Stack
from ovation.clickhouse import connect

CLIENT = "client"
WORKERS = "python workers"
TASKMANAGERS = "taskmanagers"
GATEWAY = "gateway"
OTHERS = "all else on the machine"
_TICKS_PER_S = os.sysconf("SC_CLK_TCK")


def cpu_by_process(stack: Stack) -> dict[str, float]:
    """Return the CPU seconds that each part has used so far: all TaskManagers, all Python workers, all gateways."""
    used: dict[str, float] = {}
    pids = stack.supervisor.pids()
    for name, pid in pids.items():
        if name != GATEWAY:
            group = TASKMANAGERS if name in flink.TASKMANAGERS else name.removeprefix("flink-")
            used[group] = used.get(group, 0.0) + cpu_s(pid)
    below = set().union(*(descendants(pids[name]) for name in flink.TASKMANAGERS if name in pids))
    used[WORKERS] = sum(map(_cpu_of, python_workers_in(below)))
    used[GATEWAY] = sum(map(_cpu_of, filter(_is_gateway, marked(stack.settings.data_dir))))
    used[CLIENT] = cpu_s(os.getpid())
    used[OTHERS] = _busy_s() - sum(used.values())
    return used


def of_stack(used: Mapping[str, float]) -> float:
    """Return what all parts of the stack have used together."""
    return sum(cpu for name, cpu in used.items() if name not in (CLIENT, OTHERS))


def cores_since(stack: Stack, before: Mapping[str, float], seconds: float) -> dict[str, float]:
    """Return how many cores each part kept busy in the `seconds` since it had used `before` (`cpu_by_process`)."""
    return {name: (used - before[name]) / seconds for name, used in cpu_by_process(stack).items()}


def busy(cores: Mapping[str, float]) -> str:
    """Return which part keeps how many cores busy, for a person."""
    return ", ".join(f"{name} {used:.2f}" for name, used in sorted(cores.items(), key=lambda each: -each[1]))


def _busy_s() -> float:
    """Return the seconds that all cores were busy for."""
    user, nice, system, _idle, _waiting, *interrupts = Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:8]
    return sum(map(int, (user, nice, system, *interrupts))) / _TICKS_PER_S


def _is_gateway(pid: int) -> bool:
    with suppress(OSError):
        return b"\0-m\0gateway\0" in Path(f"/proc/{pid}/cmdline").read_bytes()
    return False


def _cpu_of(pid: int) -> float:
    try:
        return cpu_s(pid)
    except FileNotFoundError:
        return 0.0


@dataclass(frozen=True, slots=True)
class Standing:
    """Rows that stand in ClickHouse, once replaced ones are merged away, and the bytes that they take."""

    rows: int = 0
    bytes: int = 0

    def since(self, before: "Standing") -> "Standing":
        """Return what has come since."""
        return Standing(self.rows - before.rows, self.bytes - before.bytes)


@dataclass(frozen=True, slots=True)
class Costs:
    """All that was used until a moment, or, as a difference, in between two."""

    cpu_s: dict[str, float]
    kafka_bytes: float
    redis_commands: float
    inserted: float
    rows: Standing = Standing()

    def since(self, before: "Costs") -> "Costs":
        """Return what was used since."""
        return Costs(
            {name: used - before.cpu_s.get(name, 0.0) for name, used in self.cpu_s.items()},
            self.kafka_bytes - before.kafka_bytes,
            self.redis_commands - before.redis_commands,
            self.inserted - before.inserted,
        )

    def times(self, factor: float) -> "Costs":
        """Return so many times as much."""
        return Costs(
            {name: used * factor for name, used in self.cpu_s.items()},
            self.kafka_bytes * factor,
            self.redis_commands * factor,
            self.inserted * factor,
            Standing(round(self.rows.rows * factor), round(self.rows.bytes * factor)),
        )

    def line(self) -> str:
        """Return it for a person."""
        cpu = ", ".join(f"{name} {used:.1f}" for name, used in self.cpu_s.items())
        return (
            f"CPU seconds: {cpu}; Kafka {self.kafka_bytes / 1e6:.2f} MB; Redis {self.redis_commands:,.0f} commands; "
            f"ClickHouse {self.inserted:,.0f} rows sent, {self.rows.rows:,} stand in {self.rows.bytes:,} bytes"
        )


def costs(stack: Stack) -> Costs:
    """Return what was used so far, without the rows that stand."""
    settings = stack.settings
    logs = (settings.data_dir / "kafka" / "logs").glob("reactions-*/*.log")
    with redis.Redis.from_url(settings.redis_url) as client:
        info = client.info("stats")
    assert isinstance(info, dict)
    with closing(connect(settings.clickhouse_url, "default", "")) as clickhouse:
        inserted = clickhouse.query("SELECT sum(value) FROM system.events WHERE event = 'InsertedRows'").first_row[0]
    return Costs(
        cpu_by_process(stack), sum(log.stat().st_size for log in logs), int(info["total_commands_processed"]), inserted
    )


def standing(settings: StackSettings) -> Standing:
    """Merge the tables of taps, and return what stands in them."""
    names = (tables.REACTION_WINDOWS, tables.REACTION_MINUTES, tables.REACTION_HOURS, tables.REACTOR_SAMPLES)
    with closing(connect(settings.clickhouse_url, "default", "")) as clickhouse:
        for name in names:
            clickhouse.command(f"OPTIMIZE TABLE {tables.DATABASE}.{name} FINAL")
        parts = clickhouse.query(
            "SELECT sum(rows), sum(data_compressed_bytes) FROM system.parts "
            "WHERE active AND database = {database:String} AND has({names:Array(String)}, table)",
            {"database": tables.DATABASE, "names": list(names)},
        ).first_row
    return Standing(int(parts[0]), int(parts[1]))
