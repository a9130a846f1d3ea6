"""The environment that every part of a stack starts with."""

import os
from collections.abc import Mapping

from local.part import Part
from local.paths import PYTHON
from local.processes import MARK
from local.settings import StackSettings


def added(part: Part, settings: StackSettings) -> Mapping[str, str]:
    """Return what `part` gets beside the environment of whoever starts it."""
    # Flink starts its Python workers as `python`, from PATH: it must be the environment that has the jobs' libraries.
    path = f"{PYTHON.parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    arenas = {"MALLOC_ARENA_MAX": str(settings.malloc_arenas)} if settings.malloc_arenas else {}
    return {"PATH": path, MARK: str(settings.data_dir), "PYTHONUNBUFFERED": "1", **arenas, **part.env}


def environment(part: Part, settings: StackSettings) -> dict[str, str]:
    """Return the whole environment of `part`."""
    return {**os.environ, **added(part, settings)}
