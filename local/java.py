"""The Java that Kafka and Flink run on."""

import os
import re
import shutil
import subprocess
from functools import cache

from local.errors import StackError

OLDEST, NEWEST = 17, 21
"""Kafka 4 needs 17; Flink 2.2 knows nothing newer than 21."""
BRIEF = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")
"""For a JVM that answers one question and ends, of which the optimising compiler would take a third."""


def find_java() -> str:
    """Return the `java` of `JAVA_HOME`, else the one on `PATH`.

    Raises StackError when there is none.
    """
    home = os.environ.get("JAVA_HOME")
    found = shutil.which("java", path=f"{home}/bin") if home else shutil.which("java")
    if found is None:
        where = f"under JAVA_HOME={home}" if home else "on PATH"
        raise StackError(
            f"No Java was found {where}: install JDK 17 (Debian: apt-get install openjdk-17-jdk-headless)."
        )
    return found


@cache
def java_version(java: str) -> int:
    """Return the feature release of `java`, for example 17.

    Raises StackError when it cannot be run, or is one that Kafka or Flink does not run on.
    """
    try:
        answer = subprocess.run([java, "-version"], capture_output=True, text=True, timeout=30, check=True)  # noqa: S603
    except (OSError, subprocess.SubprocessError) as error:
        raise StackError(f"{java} does not run ({error}): install JDK 17.") from error
    match = re.search(r'version "(?:1\.)?(\d+)', answer.stderr)
    version = int(match[1]) if match else 0
    if not OLDEST <= version <= NEWEST:
        found = f"Java {version}" if version else "of an unknown version"
        raise StackError(f"{java} is {found}, and the stack needs JDK {OLDEST} to {NEWEST}: set JAVA_HOME to one.")
    return version
