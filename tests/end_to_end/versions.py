"""Checkouts of other versions, and the `ovation submit` of each: as an operator has them."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from local.paths import CHECKOUT, FLINK_HOME
from ovation.addresses import Addresses

PACKAGES = ("contracts", "jobs", "local", "ovation")

Change = tuple[str, str, str]
"""A file, what stands in it, and what stands there in the other version."""


@dataclass(frozen=True, slots=True)
class Version:
    """A checkout. `addresses` say what it is submitted to."""

    folder: Path
    addresses: Addresses

    def submit(self, *options: str) -> subprocess.CompletedProcess[str]:
        """Run `ovation submit` there."""
        return subprocess.run(
            [sys.executable, "-m", "ovation", "submit", *options],
            cwd=self.folder,
            env={
                **os.environ,
                **self.addresses.environment(),
                "PYTHONPATH": str(self.folder),
                "FLINK_HOME": str(FLINK_HOME),
            },
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )


def this_one(addresses: Addresses) -> Version:
    """Return the checkout that is tested."""
    return Version(CHECKOUT, addresses)


def another(folder: Path, addresses: Addresses, changes: Iterable[Change]) -> Version:
    """Make a copy of this checkout in `folder`, and change it."""
    for package in PACKAGES:
        shutil.copytree(CHECKOUT / package, folder / package, ignore=shutil.ignore_patterns("__pycache__", "target"))
    for name, now, then in changes:
        text = (folder / name).read_text(encoding="utf-8")
        assert text.count(now) == 1, f"{name} has another text by now: change this test's version, too"
        (folder / name).write_text(text.replace(now, then), encoding="utf-8")
    return Version(folder, addresses)
