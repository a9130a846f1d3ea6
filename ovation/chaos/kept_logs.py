"""What processes said in a run that broke a promise: the folders of its stacks go with the run, and this stays."""

import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from local.settings import StackSettings


def keep_logs(stacks: Mapping[str, StackSettings]) -> Path:
    """Copy what every process of `stacks`, by their names, has said so far, and return where to."""
    folder = Path(tempfile.mkdtemp(prefix="ovation-chaos-logs-"))
    for name, settings in stacks.items():
        shutil.copytree(settings.paths.logs, folder / name)
    return folder
