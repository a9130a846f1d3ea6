"""A standalone Flink cluster: one JobManager and two TaskManagers, one where memory is scarce, or up to four.

Two, because a killed one then costs the screens seconds: the other has free slots and a warm JVM, while a new process
takes long to get there.

Flink's own scripts compute the JVM's memory from the configuration each time they start a process, which takes seconds.
Here it is computed when the stack comes up, into a Java argument file, so that a killed process is back sooner.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from local import flink_java, jobmanager_watch, ready, workers, zookeeper
from local.java import find_java
from local.part import GIVES_WAY, Part, Port
from local.paths import FLINK_HOME, LOG4J_CONFIG, PYTHON
from local.settings import StackSettings
from local.workers import command
from ovation import flink_metrics

JOBMANAGER = "flink-jobmanager"
TASKMANAGERS = tuple(f"flink-taskmanager-{number}" for number in range(1, 5))
"""Names of all that there can be, and what Flink calls them (`taskmanager.resource-id`)."""
JOBMANAGER_CLASS = "org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint"
TASKMANAGER_CLASS = "org.apache.flink.runtime.taskexecutor.TaskManagerRunner"
QUICK = ("-XX:TieredStopAtLevel=1", "-XX:+UnlockDiagnosticVMOptions", "-XX:-BytecodeVerificationRemote")
"""The optimising compiler takes both cores of a small machine for a minute after each start, for a load that needs a
third of one; and the jars, whose digests were checked, need no check of each class while a screen waits. A cluster of
its own leaves this out (`flink-conf/config.yaml` does)."""


@dataclass(frozen=True, slots=True)
class Tuning:
    """What TaskManagers get beside `flink-conf/config.yaml`: options of the JVM, and of Flink."""

    java: tuple[str, ...] = QUICK
    flink: Mapping[str, str] = field(default_factory=dict)


EMBEDDED = Tuning()


def taskmanagers(settings: StackSettings) -> tuple[str, ...]:
    """Return the names of the TaskManagers of `settings`."""
    return TASKMANAGERS[: settings.flink_taskmanagers]


def jobmanager(settings: StackSettings) -> Part:
    """Return the JobManager of `settings`."""
    return Part(
        name=JOBMANAGER,
        address=settings.flink_url,
        command=(
            *(str(PYTHON), "-m", jobmanager_watch.__name__, str(jobmanager_watch.PATIENCE_S), str(settings.flink_port)),
            *(find_java(), f"@{_arguments(settings, JOBMANAGER)}"),
        ),
        ready=lambda: ready.answers(settings.flink_port, "/overview"),
        ports=(
            Port(settings.flink_port, "OVATION_FLINK_PORT"),
            Port(settings.flink_rpc_port, "OVATION_FLINK_RPC_PORT"),
        ),
        env=_environment(settings),
        prepare=lambda: _prepare(settings, JOBMANAGER, JOBMANAGER_CLASS, "GET_JM_RESOURCE_PARAMS"),
        nice=GIVES_WAY,
    )


def taskmanager(settings: StackSettings, name: str, tuning: Tuning = EMBEDDED) -> Part:
    """Return the TaskManager `name` of `settings`. The Python workers of the jobs are its children."""
    return Part(
        name=name,
        address=settings.flink_url,
        command=(str(PYTHON), "-m", "local.taskmanager", find_java(), f"@{_arguments(settings, name)}"),
        ready=lambda: ready.answers(settings.flink_port, f"/taskmanagers/{name}"),
        env={**_environment(settings), **_forking(settings, name)},
        prepare=lambda: _prepare_taskmanager(settings, name, tuning),
        nice=GIVES_WAY,
    )


def options(settings: StackSettings) -> dict[str, str]:
    """Return what `flink-conf/config.yaml` leaves to the machine: ports, folders, memory."""
    folder = settings.data_dir / "flink"
    return {
        "jobmanager.rpc.port": str(settings.flink_rpc_port),
        "rest.port": str(settings.flink_port),
        "rest.bind-port": str(settings.flink_port),
        "jobmanager.memory.process.size": f"{settings.flink_jobmanager_mb}m",
        "taskmanager.memory.process.size": f"{settings.flink_taskmanager_mb}m",
        "execution.checkpointing.dir": (folder / "checkpoints").as_uri(),
        "execution.checkpointing.savepoint-dir": (folder / "savepoints").as_uri(),
        "io.tmp.dirs": str(folder / "tmp"),
        **zookeeper.options(settings),
        **_metrics(settings.flink_metrics_ports),
        **settings.flink_options,
    }


def _metrics(ports: str) -> dict[str, str]:
    return {**flink_metrics.SETTINGS, "metrics.reporter.prom.port": ports} if ports else {}


def _environment(settings: StackSettings) -> dict[str, str]:
    return {
        "FLINK_CONF_DIR": str(FLINK_HOME / "conf"),
        "FLINK_PLUGINS_DIR": str(FLINK_HOME / "plugins"),
        # Here a Python worker writes why it could not start.
        "FLINK_LOG_DIR": str(settings.paths.logs),
    }


def _forking(settings: StackSettings, name: str) -> dict[str, str]:
    path = f"{_worker_command(settings)}{os.pathsep}{PYTHON.parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    return {"PATH": path, workers.SOCKET: str(settings.paths.workers_socket(name))}


def _worker_command(settings: StackSettings) -> Path:
    return settings.paths.run / "bin"


def _prepare_taskmanager(settings: StackSettings, name: str, tuning: Tuning) -> None:
    command.write(_worker_command(settings), PYTHON, workers.WORKER)
    own = Tuning(tuning.java, {**zookeeper.FOLLOWING, **tuning.flink, "taskmanager.resource-id": name})
    _prepare(settings, name, TASKMANAGER_CLASS, "GET_TM_RESOURCE_PARAMS", own)


def _arguments(settings: StackSettings, name: str) -> Path:
    return settings.paths.run / f"{name}.args"


def _prepare(settings: StackSettings, name: str, main_class: str, calculation: str, tuning: Tuning = EMBEDDED) -> None:
    """Write the argument file of one process: the JVM's options, the class path, the class and its arguments."""
    for folder in ("checkpoints", "savepoints", "recovery", "tmp"):
        (settings.data_dir / "flink" / folder).mkdir(mode=0o700, parents=True, exist_ok=True)
    dynamic = [
        word for key, value in {**options(settings), **tuning.flink}.items() for word in ("-D", f"{key}={value}")
    ]
    jvm, sized = flink_java.memory(calculation, dynamic)
    arguments = [
        *jvm,
        *flink_java.options("jobmanager" if name == JOBMANAGER else "taskmanager"),
        *tuning.java,
        *settings.java_options.split(),
        # What Flink asks the machine a place for goes with the stack, too.
        f"-Djava.io.tmpdir={settings.data_dir / 'flink' / 'tmp'}",
        f"-Dlog4j2.configurationFile={LOG4J_CONFIG}",
        # Flink's web interface shows this file, which is the one that the supervisor writes.
        f"-Dlog.file={settings.paths.log(name)}",
        "-cp",
        flink_java.class_path(),
        main_class,
        "--configDir",
        str(FLINK_HOME / "conf"),
        *dynamic,
        *sized,
    ]
    path = _arguments(settings, name)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.write_text("".join(f'"{argument}"\n' for argument in arguments), encoding="utf-8")
