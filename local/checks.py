"""What must be true before a stack can start, each with one sentence when it is not."""

import shutil
from collections.abc import Iterable
from pathlib import Path

from local import memory
from local.errors import StackError
from local.java import find_java, java_version
from local.part import Part
from local.paths import FLINK_HOME, KAFKA_JARS
from local.ports import is_free

GB = 1024**3
MIN_FREE_BYTES = 2 * GB


def check_installed() -> None:
    """Raise StackError when Java, Kafka or Flink is missing."""
    java_version(find_java())
    for folder in (KAFKA_JARS, FLINK_HOME):
        if not folder.is_dir():
            raise StackError(f"{folder} is missing: run `make install` first.")


def check_disk(folder: Path) -> None:
    """Raise StackError when less than `MIN_FREE_BYTES` are free where `folder` is or will be."""
    existing = next(path for path in (folder, *folder.parents) if path.exists())
    free = shutil.disk_usage(existing).free
    if free < MIN_FREE_BYTES:
        raise StackError(
            f"Only {free / GB:.1f} GB are free at {existing}, and the stack needs {MIN_FREE_BYTES / GB:.0f} GB: "
            "make room, or name another folder with OVATION_DATA_DIR."
        )


def check_memory(needed_mb: int) -> None:
    """Raise StackError when the machine has less than `needed_mb` to give; one that does not say is believed."""
    available = memory.available_mb()
    if available is not None and available < needed_mb:
        raise StackError(
            f"Only {available:,} MB of memory are available, and a stack of this size needs {needed_mb:,} MB: end what "
            "takes it, start a smaller one with --small, or say another number with OVATION_MEMORY_MB."
        )


def check_ports(parts: Iterable[Part]) -> None:
    """Raise StackError when something already listens on a port that one of `parts` needs."""
    for part in parts:
        for port in part.ports:
            if not is_free(port.number):
                raise StackError(
                    f"Port {port.number}, which {part.name} needs, is taken: stop what listens there, "
                    f"or choose another port with {port.variable}."
                )
