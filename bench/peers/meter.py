"""What a peer's program takes from its first record to its last, as one line of JSON."""

import json
import os
import time
from argparse import ArgumentParser, Namespace


def arguments() -> Namespace:
    """Return what every program is told.

    It reads `records` records of `topic`, and keeps its state below `state_dir`, which is empty, safe every `commit_s`
    seconds.
    """
    parser = ArgumentParser()
    parser.add_argument("--bootstrap", required=True)
    parser.add_argument("--topic", required=True)
    parser.add_argument("--records", type=int, required=True)
    parser.add_argument("--state-dir", required=True)
    parser.add_argument("--commit-s", type=float, required=True)
    return parser.parse_args()


class Meter:
    """Counts records, and the time since the first of them: on the wall and of this process with its children."""

    def __init__(self) -> None:
        self.records = 0

    def see(self) -> None:
        """Count a record; the clocks run from the first."""
        if not self.records:
            self._cpu_s, self._wall_s = _cpu_s(), time.perf_counter()
        self.records += 1

    def report(self, counted: dict[str, int]) -> None:
        """Print the line: records, seconds, and what was counted, by stream and emoji or by poll and option."""
        wall_s, cpu_s = time.perf_counter() - self._wall_s, _cpu_s() - self._cpu_s
        found = {"records": self.records, "cpu_s": cpu_s, "wall_s": wall_s, "counted": counted}
        print(json.dumps(found), flush=True)


def _cpu_s() -> float:
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system
