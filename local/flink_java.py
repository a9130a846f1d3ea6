"""What a JVM of Flink is started with, as Flink's own scripts compute it: class path, options, division of memory."""

import subprocess

import yaml

from local.errors import StackError
from local.java import BRIEF, find_java, java_version
from local.paths import FLINK_HOME

RESULT = "BASH_JAVA_UTILS_EXEC_RESULT:"
"""What Flink's memory calculator writes before each of its two answers: the JVM's options, and the cluster's."""


def class_path() -> str:
    """Return Flink's own jars, in the order of its scripts: sorted, and the distribution last."""
    jars = sorted((FLINK_HOME / "lib").glob("*.jar"), key=lambda jar: (jar.name.startswith("flink-dist"), jar.name))
    return ":".join(map(str, jars))


def options(role: str) -> list[str]:
    """Return the JVM options that `flink-conf/config.yaml` sets for all processes, and for those of `role`."""
    config = yaml.safe_load((FLINK_HOME / "conf" / "config.yaml").read_text(encoding="utf-8"))
    found: dict[str, str] = config["env"]["java"]["opts"]
    text = f"{found['all']} {found.get(role, '')}"
    # Flink's Python runtime asks for a security manager, which Java forbids from 18 on unless told otherwise.
    newer = ["-Djava.security.manager=allow"] if java_version(find_java()) > 17 else []
    return [*text.split(), *newer]


def memory(calculation: str, dynamic: list[str]) -> tuple[list[str], list[str]]:
    """Return Flink's own division of a process's memory: JVM options, and the options of its memory pools."""
    (distribution,) = (FLINK_HOME / "lib").glob("flink-dist-*.jar")
    jars = f"{FLINK_HOME / 'bin' / 'bash-java-utils.jar'}:{distribution}"
    command = [find_java(), "-Xmx128m", *BRIEF, "-cp", jars, "org.apache.flink.runtime.util.bash.BashJavaUtils"]
    command += [calculation, "--configDir", str(FLINK_HOME / "conf"), *dynamic]
    answer = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)  # noqa: S603
    results = [line.removeprefix(RESULT) for line in answer.stdout.splitlines() if line.startswith(RESULT)]
    if answer.returncode != 0 or len(results) != 2:
        reason = answer.stderr.strip() or answer.stdout.strip()
        raise StackError(f"Flink refuses flink-conf/config.yaml: {reason}")
    return results[0].split(), results[1].split()
