"""Runs a peer's program in the environment that has it."""

import json
import subprocess
import tempfile
from dataclasses import dataclass
from typing import Literal

from local.paths import CHECKOUT, INSTALLED

PYTHON = INSTALLED / "peers" / "bin" / "python"

Peer = Literal[
    "quix_reactions", "bytewax_reactions", "quix_polls", "quix_polls_by_key", "bytewax_polls", "rocksdb_alone"
]


class PeerError(Exception):
    """A peer's program ended without its line."""


@dataclass(frozen=True, slots=True)
class Took:
    """What a program took for `records` records from the first of them on, and what it `counted`."""

    records: int
    cpu_s: float
    wall_s: float
    counted: dict[str, int]


def is_installed() -> bool:
    """Return whether the peers are installed: `make .local/done/peers` does it."""
    return PYTHON.exists()


def run(peer: Peer, bootstrap: str, topic: str, records: int, commit_s: float, timeout_s: float = 900.0) -> Took:
    """Let `peer` read all `records` records of `topic`, safe every `commit_s` seconds.

    Raises PeerError when it fails, reads another number of records, or takes longer than `timeout_s`.
    """
    with tempfile.TemporaryDirectory(prefix="peer-") as state_dir:
        command = [str(PYTHON), "-m", f"bench.peers.{peer}", "--bootstrap", bootstrap, "--topic", topic]
        command += ["--records", str(records), "--commit-s", str(commit_s), "--state-dir", state_dir]
        try:
            ran = subprocess.run(  # noqa: S603
                command, cwd=CHECKOUT, capture_output=True, text=True, timeout=timeout_s, check=False
            )
        except subprocess.TimeoutExpired as error:
            raise PeerError(f"{peer} was not through {records} records in {timeout_s:.0f} s") from error
    if ran.returncode != 0:
        raise PeerError(f"{peer} failed: {ran.stderr[-2000:]}")
    took = Took(**json.loads(ran.stdout.splitlines()[-1]))
    if took.records != records:
        raise PeerError(f"{peer} has read {took.records} of {records} records")
    return took
