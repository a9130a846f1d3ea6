"""The table environment that every deployment runs in: what differs between the live picture and the history."""

from collections.abc import Mapping
from dataclasses import dataclass

from pyflink.common import Configuration
from pyflink.table import EnvironmentSettings, TableEnvironment

from jobs.settings import JobSettings, Sink


@dataclass(frozen=True, slots=True)
class Pace:
    """How long a deployment lets rows gather before it works on them, and waits before it starts again, in ms.

    Kafka answers a fetch when it has `fetch_min_bytes`, or after `fetch_wait_ms`.
    """

    batch_ms: int
    buffer_ms: int
    bundle_ms: int
    fetch_wait_ms: int
    fetch_min_bytes: int
    restart_ms: int


def pace_of(sink: Sink, settings: JobSettings) -> Pace:
    """Return the pace of a deployment: tens of milliseconds for screens, seconds for history."""
    if sink == "redis":
        # Kafka answers as soon as it has something; the wait is only how long it may have nothing.
        return Pace(
            settings.live_batch_ms, buffer_ms=5, bundle_ms=10, fetch_wait_ms=100, fetch_min_bytes=1, restart_ms=200
        )
    batch_ms = settings.history_batch_ms
    # After a crash everything starts at once, on cores that are then scarce: history lets the screens go first. By then
    # a TaskManager that died is back, and takes what waited so, which makes its JVM warm for the next time.
    # And what is written once a second need not be fetched for each record that comes.
    return Pace(
        batch_ms,
        buffer_ms=batch_ms // 10,
        bundle_ms=batch_ms // 2,
        fetch_wait_ms=500,
        fetch_min_bytes=1_000_000,
        restart_ms=30_000,
    )


def create_environment(
    name: str, sink: Sink, settings: JobSettings, more: Mapping[str, str] | None = None
) -> TableEnvironment:
    """Return a streaming environment for the deployment `name`, with `more` of Flink's options.

    It has the table `written`, into which the answers of sink functions go and vanish.
    """
    pace = pace_of(sink, settings)
    options = {
        "pipeline.name": name,
        "pipeline.object-reuse": "true",
        "parallelism.default": str(settings.parallelism),
        # A timer in every task: short only where a screen waits.
        "execution.buffer-timeout.interval": f"{pace.buffer_ms} ms",
        # A group aggregate that fires every mini-batch, summed before the shuffle: a hot stream sends one row a batch.
        "table.exec.mini-batch.enabled": "true",
        "table.exec.mini-batch.allow-latency": f"{pace.batch_ms} ms",
        "table.exec.mini-batch.size": "50000",
        "table.optimizer.agg-phase-strategy": "TWO_PHASE",
        # Both branches of a statement set read the topic once.
        "table.optimizer.reuse-source-enabled": "true",
        "restart-strategy.exponential-delay.initial-backoff": f"{pace.restart_ms} ms",
        "restart-strategy.exponential-delay.max-backoff": f"{max(pace.restart_ms, 10_000)} ms",
        # A barrier that overtook rows on their way would commit positions of what no store has yet (jobs.sources).
        "execution.checkpointing.unaligned.enabled": "false",
        "table.exec.state.ttl": f"{settings.state_ttl_h} h",
        # Rows wait for a Python worker no longer than this.
        "python.fn-execution.bundle.time": str(pace.bundle_ms),
        "python.fn-execution.bundle.size": "20000",
        "python.fn-execution.arrow.batch.size": "20000",
        **(more or {}),
    }
    return open_environment(options)


def open_environment(options: dict[str, str]) -> TableEnvironment:
    """Return an environment with Flink's `options`, and the table `written`."""
    configuration = Configuration()
    for key, value in options.items():
        configuration.set_string(key, value)
    env = TableEnvironment.create(EnvironmentSettings.new_instance().with_configuration(configuration).build())
    env.execute_sql("CREATE TEMPORARY TABLE written (ok BOOLEAN) WITH ('connector' = 'blackhole')")
    return env
