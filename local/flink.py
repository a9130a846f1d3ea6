"""A standalone Flink cluster: one JobManager and two TaskManagers.

Two, because a killed one then costs the screens seconds: the other has free slots and a warm JVM, while a new process
takes long to get there.

Flink's own scripts compute the JVM's memory from the configuration each time they start a process, which takes seconds.
Here it is computed when the stack comes up, into a Java argument file, so that a killed process is back sooner.
"""

import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from local import ready, zookeeper
from local.errors import StackError
from local.java import find_java, java_version
from local.part import GIVES_WAY, Part, Port
from local.paths import FLINK_HOME, LOG4J_CONFIG, PYTHON
from local.settings import StackSettings
from ovation import flink_metrics

JOBMANAGER = "flink-jobmanager"
TASKMANAGERS = ("flink-taskmanager-1", "flink-taskmanager-2")
"""Names of the processes, and what Flink calls them (`taskmanager.resource-id`)."""
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

RESULT = "BASH_JAVA_UTILS_EXEC_RESULT:"
"""What Flink's memory calculator writes before each of its two answers: the JVM's options, and the cluster's."""


def jobmanager(settings: StackSettings) -> Part:
    """Return the JobManager of `settings`."""
    return Part(
        name=JOBMANAGER,
        address=settings.flink_url,
        command=(find_java(), f"@{_arguments(settings, JOBMANAGER)}"),
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
        env=_environment(settings),
        prepare=lambda: _prepare(
            settings,
            name,
            TASKMANAGER_CLASS,
            "GET_TM_RESOURCE_PARAMS",
            Tuning(tuning.java, {**tuning.flink, "taskmanager.resource-id": name}),
        ),
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
    }


def _metrics(ports: str) -> dict[str, str]:
    return {**flink_metrics.SETTINGS, "metrics.reporter.prom.port": ports} if ports else {}


def class_path() -> str:
    """Return Flink's own jars, in the order of its scripts: sorted, and the distribution last."""
    jars = sorted((FLINK_HOME / "lib").glob("*.jar"), key=lambda jar: (jar.name.startswith("flink-dist"), jar.name))
    return ":".join(map(str, jars))


def java_options(role: str) -> list[str]:
    """Return the JVM options that `flink-conf/config.yaml` sets for all processes, and for those of `role`."""
    config = yaml.safe_load((FLINK_HOME / "conf" / "config.yaml").read_text(encoding="utf-8"))
    opts: dict[str, str] = config["env"]["java"]["opts"]
    text = f"{opts['all']} {opts.get(role, '')}"
    # Flink's Python runtime asks for a security manager, which Java forbids from 18 on unless told otherwise.
    newer = ["-Djava.security.manager=allow"] if java_version(find_java()) > 17 else []
    return [*text.split(), *newer]


def _environment(settings: StackSettings) -> dict[str, str]:
    return {
        "FLINK_CONF_DIR": str(FLINK_HOME / "conf"),
        "FLINK_PLUGINS_DIR": str(FLINK_HOME / "plugins"),
        # Here a Python worker writes why it could not start.
        "FLINK_LOG_DIR": str(settings.paths.logs),
    }


def _arguments(settings: StackSettings, name: str) -> Path:
    return settings.paths.run / f"{name}.args"


def _prepare(settings: StackSettings, name: str, main_class: str, calculation: str, tuning: Tuning = EMBEDDED) -> None:
    """Write the argument file of one process: the JVM's options, the class path, the class and its arguments."""
    for folder in ("checkpoints", "savepoints", "recovery", "tmp"):
        (settings.data_dir / "flink" / folder).mkdir(mode=0o700, parents=True, exist_ok=True)
    dynamic = [
        word for key, value in {**options(settings), **tuning.flink}.items() for word in ("-D", f"{key}={value}")
    ]
    jvm, sized = _memory(calculation, dynamic)
    arguments = [
        *jvm,
        *java_options("jobmanager" if name == JOBMANAGER else "taskmanager"),
        *tuning.java,
        f"-Dlog4j2.configurationFile={LOG4J_CONFIG}",
        # Flink's web interface shows this file, which is the one that the supervisor writes.
        f"-Dlog.file={settings.paths.log(name)}",
        "-cp",
        class_path(),
        main_class,
        "--configDir",
        str(FLINK_HOME / "conf"),
        *dynamic,
        *sized,
    ]
    path = _arguments(settings, name)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.write_text("".join(f'"{argument}"\n' for argument in arguments), encoding="utf-8")


def _memory(calculation: str, dynamic: list[str]) -> tuple[list[str], list[str]]:
    """Return Flink's own division of a process's memory: JVM options, and the options of its memory pools."""
    (distribution,) = (FLINK_HOME / "lib").glob("flink-dist-*.jar")
    jars = f"{FLINK_HOME / 'bin' / 'bash-java-utils.jar'}:{distribution}"
    command = [find_java(), "-Xmx128m", "-cp", jars, "org.apache.flink.runtime.util.bash.BashJavaUtils", calculation]
    command += ["--configDir", str(FLINK_HOME / "conf"), *dynamic]
    answer = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)  # noqa: S603
    results = [line.removeprefix(RESULT) for line in answer.stdout.splitlines() if line.startswith(RESULT)]
    if answer.returncode != 0 or len(results) != 2:
        reason = answer.stderr.strip() or answer.stdout.strip()
        raise StackError(f"Flink refuses flink-conf/config.yaml: {reason}")
    return results[0].split(), results[1].split()
