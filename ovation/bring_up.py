"""The embedded stack from nothing to ready: its parts, their topics and tables, and the jobs."""

from collections.abc import Collection
from functools import partial

from local import flink, mirror, redis, redis_cluster, zookeeper
from local.stack import Stack
from ovation.data_dir import CHECKOUT
from ovation.embedded import addresses_of
from ovation.steps import Step, take
from ovation.terminal import out
from ovation.topics import create_topics

TOPICS, TABLES, SLOTS, JOBS = "topics", "tables", "slots", "jobs"
"""Steps beside the parts."""
NEED_TOPICS = ("gateway", mirror.NAME)
JOBS_NEED = frozenset({"kafka", "redis", "clickhouse", zookeeper.NAME, flink.JOBMANAGER, *flink.TASKMANAGERS})
"""All but the gateway; a stack may have fewer TaskManagers."""


def bring_up(stack: Stack, names: Collection[str], jobs: bool) -> None:
    """Start the processes `names` of `stack`, with what belongs into them, and print each as it becomes ready.

    Raises OvationError with the first failure; what has started by then stays up.
    """
    stack.open(names)
    steps = plan(stack, names, jobs)
    waiting = [step.name for step in steps]

    with out.status(_waiting_for(waiting)) as spinner:

        def report(name: str, seconds: float) -> None:
            waiting.remove(name)
            address = stack.parts[name].address if name in stack.parts else ""
            out.print(f"  {name:<18} ready {seconds:5.1f} s  {address}", markup=False)
            spinner.update(_waiting_for(waiting))

        take(steps, report)


def plan(stack: Stack, names: Collection[str], jobs: bool) -> list[Step]:
    """Return the steps that start the processes `names`, fill them, and submit the jobs if wanted and possible."""
    # The gateway reads the control topic before it is ready, and the mirror would make its topics as it likes.
    steps = [
        Step(name, partial(stack.start, name), frozenset({TOPICS} if name.startswith(NEED_TOPICS) else ()))
        for name in stack.parts
        if name in names
    ]
    if "kafka" in names:
        steps.append(Step(TOPICS, partial(_create_topics, stack), frozenset({"kafka"})))
    if "clickhouse" in names:
        steps.append(Step(TABLES, partial(_migrate, stack), frozenset({"clickhouse"})))
    masters = frozenset(redis.masters(stack.settings))
    is_cluster = len(masters) > 1 and masters <= set(names)
    if is_cluster:
        steps.append(Step(SLOTS, partial(redis_cluster.form, stack.settings), masters))
    if jobs and set(names) >= JOBS_NEED:
        needed = {TOPICS, TABLES, *([SLOTS] if is_cluster else [])}
        steps.append(Step(JOBS, partial(_submit, stack), JOBS_NEED & stack.parts.keys() | needed))
    return steps


def _create_topics(stack: Stack) -> None:
    create_topics(stack.settings.kafka_bootstrap, others=tuple(stack.settings.neighbours))


def _migrate(stack: Stack) -> None:
    from ovation.migrations import migrate  # noqa: PLC0415 - slow to import, and the parts start meanwhile

    migrate(stack.settings.clickhouse_url, "default", "", CHECKOUT / "sql" / "migrations", report=lambda _: None)


def _submit(stack: Stack) -> None:
    from ovation.submit import submit  # noqa: PLC0415

    submit(addresses_of(stack.settings), report=lambda line: out.print(f"    {line}", markup=False))


def _waiting_for(names: Collection[str]) -> str:
    return f"Waiting for {', '.join(names)}"
