"""Breaks the system's code, one line at a time in a copy, and expects `ovation chaos` to find each: `make mutants`.

python -m tests.end_to_end.mutants no-dedup
"""

import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

from local.paths import CHECKOUT
from ovation.chaos.faults import FAULTS
from ovation.chaos.plan import Event, Schedule
from ovation.chaos.run import run
from tests.ovation.chaos.crowds import SMALL

PATIENCE_S = 20.0
NOT_COPIED = shutil.ignore_patterns(".git", ".venv", ".local", "dist", "__pycache__", ".*_cache", ".hypothesis")
INSIDE = "OVATION_MUTANT"


@dataclass(frozen=True, slots=True)
class Mutant:
    """`line` of a file becomes `instead`; under `events` one of the promises `breaks` no longer holds."""

    path: str
    line: str
    instead: str
    breaks: frozenset[str]
    events: tuple[Event, ...] = ()


MUTANTS = {
    "no-dedup": Mutant(
        "jobs/ballots.py",
        "GROUP BY stream_id, poll_id, bucket, voter\n",
        "GROUP BY stream_id, poll_id, bucket, voter, vote\n",
        frozenset({"I2"}),
    ),
    "early-acknowledgement": Mutant(
        "gateway/votes/batcher.py",
        "        sent.add_done_callback(partial(self._settled, partition, batch))\n",
        "        sent.add_done_callback(partial(self._settled, partition, Batch()))\n        batch.confirm()\n",
        frozenset({"I1"}),
        (Event(3, FAULTS["hang kafka"], 6), Event(6, FAULTS["kill gateway"], 0)),
    ),
    "unguarded-write": Mutant(
        "contracts/picture/reactions.lua",
        "        if not standing or tonumber(count) > tonumber(standing) then\n",
        "        if true then\n",
        frozenset({"I3", "I4", "I6"}),
        # The history, from which Redis is filled then, is behind the job.
        (Event(3, FAULTS["redis empty"], 0),),
    ),
    "adding-up-in-redis": Mutant(
        "contracts/picture/reactions.lua",
        "            redis.call('HSET', key, emoji, count)\n",
        "            redis.call('HINCRBY', key, emoji, count)\n",
        frozenset({"I3", "I5"}),
    ),
}


def found(name: str) -> set[str]:
    """Return the promises that `ovation chaos` finds broken on a stack of mutated code."""
    mutant = MUTANTS[name]
    with tempfile.TemporaryDirectory(prefix="ovation-mutant-") as folder:
        copy = Path(folder) / "checkout"
        shutil.copytree(CHECKOUT, copy, ignore=NOT_COPIED)
        (copy / ".local").symlink_to(CHECKOUT / ".local")
        path = copy / mutant.path
        text = path.read_text(encoding="utf-8")
        assert text.count(mutant.line) == 1, f"{mutant.path} has changed: {name} mutates nothing"
        path.write_text(text.replace(mutant.line, mutant.instead), encoding="utf-8")
        done = subprocess.run(
            [sys.executable, "-m", "tests.end_to_end.mutants", name],
            cwd=copy,
            env={**os.environ, "PYTHONPATH": str(copy), INSIDE: name},
            check=False,
            stdout=subprocess.PIPE,
            text=True,
        )
    print(done.stdout)
    return {word for word in ("I1", "I2", "I3", "I4", "I5", "I6", "I7") if f"{word} (" in done.stdout}


def main() -> int:
    """Return 1 if a mutant lives."""
    names = sys.argv[1:] or list(MUTANTS)
    if os.environ.get(INSIDE):
        [name] = names
        run([Schedule(0, MUTANTS[name].events, replace(SMALL, seconds=16))], None, PATIENCE_S)
        return 0
    lives = []
    for name in names:
        broken = found(name)
        is_found = bool(broken & MUTANTS[name].breaks)
        print(f"{name}: {'found, ' + ', '.join(sorted(broken)) if is_found else 'NOT FOUND'}", flush=True)
        lives += [] if is_found else [name]
    return 1 if lives else 0


if __name__ == "__main__":
    sys.exit(main())
