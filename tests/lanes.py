"""Runs every test but slow ones, three processes side by side where that is possible: `python -m tests.lanes`.

Most tests wait most of the time. Those on the whole stack go first, because its Flink runs after everything else and
would starve; beside them are only tests that give way even to it. What failed beside others runs once more by itself,
and counts as failed only if it fails there; both is said in the end. What failed on the whole stack has failed.
"""

import os
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

STACK = ("-m", "stack and not alone and not slow")
BESIDE = ("-m", "not stack")
LONG = ("browser", "gateway", "gateway/routes", "local", "ovation", "jobs", "security", "bench")
"""Folders that take longest, in that order, each without those below it that stand here, too; the others are run as
one."""
LANES = 3
SUMMED_UP = ("FAILED tests/", "ERROR tests/")
"""How the lines begin in which pytest sums up what failed."""
MOST_SAID = 600
NO_TESTS_LEFT = 5
"""pytest's exit status when nothing was selected."""


@dataclass(frozen=True, slots=True)
class Run:
    """What became of one pytest: what it is called, how it ended, and how long it took."""

    name: str
    status: int
    seconds: float
    processor_s: float
    """What it, and those that it started and waited for, took of the processors."""
    failures: tuple[str, ...] = ()
    """Tests that failed, each with its reason, as pytest sums them up."""

    @property
    def passed(self) -> bool:
        return self.status in {0, NO_TESTS_LEFT}

    def line(self) -> str:
        outcome = "passed" if self.passed else "FAILED"
        head = f"{outcome}  {self.name}  {self.seconds:.0f} s, {self.processor_s:.0f} s of a processor"
        return "\n        ".join([head, *(() if self.passed else self.failures)])


class Lanes:
    """Runs pytest over folders. Lines of runs that come at once stay whole."""

    def __init__(self, cache: Path) -> None:
        self._cache = cache
        self._printing = threading.Lock()

    def run(self, name: str, *arguments: str, gives_way: bool = False) -> Run:
        """Run one pytest, and print what it prints behind its name. One that gives way has what nobody else uses."""
        began = time.monotonic()
        cache = self._cache / name.replace("/", "-")
        command = [sys.executable, "-m", "pytest", "--durations=12", "-o", f"cache_dir={cache}"]
        process = subprocess.Popen(
            [*command, *arguments], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, encoding="utf-8"
        )
        assert process.stdout is not None
        if gives_way and hasattr(os, "sched_setscheduler"):
            # Niceness is not enough: the stack's Flink is nice, too. What it starts later does as it does.
            os.sched_setscheduler(process.pid, os.SCHED_IDLE, os.sched_param(0))
        failures = []
        for line in process.stdout:
            if line.startswith(SUMMED_UP):
                failures.append(line.rstrip()[:MOST_SAID])
            with self._printing:
                print(f"{name} | {line}", end="", flush=True)
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        seconds = time.monotonic() - began
        return Run(name, process.returncode, seconds, used.ru_utime + used.ru_stime, tuple(failures))

    def again(self, name: str, folders: tuple[str, ...]) -> Run:
        """Run alone what failed of a folder before."""
        with self._printing:
            print(f"What failed in {name} is run again, alone", flush=True)
        return self.run(name, *BESIDE, "--last-failed", "--last-failed-no-failures=all", *folders)


def folders() -> list[tuple[str, ...]]:
    """Return what is run as one, in the order in which whoever is free takes it."""
    root = Path(__file__).parent
    rest = sorted(each.name for each in root.iterdir() if each.name not in LONG and any(each.rglob("test_*.py")))
    return [(f"tests/{name}", *_without(name)) for name in LONG] + [tuple(f"tests/{name}" for name in rest)]


def _without(name: str) -> list[str]:
    return [f"--ignore=tests/{each}" for each in LONG if each.startswith(f"{name}/")]


def main() -> int:
    """Run every test and return the exit status."""
    with TemporaryDirectory() as cache:
        lanes = Lanes(Path(cache))
        gives_way, *others = folders()
        with ThreadPoolExecutor(LANES) as pool:
            # It has one of the lanes until it is through, be that after the stack.
            began = pool.submit(lanes.run, gives_way[0], *BESIDE, *gives_way, gives_way=True)
            done = [lanes.run("whole stack", *STACK)]
            taken = [pool.submit(lanes.run, each[0], *BESIDE, *each) for each in others]
            beside = [each.result() for each in (began, *taken)]
        for first, each in zip(beside, folders(), strict=True):
            done.append(first if first.passed else lanes.again(first.name, each))
    print("\n".join(["", *(run.line() for run in done)]))
    for run in beside:
        if not run.passed:
            print(f"{run.name} had failures beside other tests")
    return 0 if all(run.passed for run in done) else 1


if __name__ == "__main__":
    sys.exit(main())
