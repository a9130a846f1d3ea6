"""What viewers of each stream were refused at this gateway, by the problem's name."""

from collections.abc import Mapping

from gateway.clock import Clock
from gateway.control.table import ControlTable
from gateway.problems import Problem


class Refusals:
    """Counts per stream, for streams that there are: nobody fills it with made-up names, nor more than all problems."""

    def __init__(self, table: ControlTable, clock: Clock) -> None:
        self.since_ms = clock()
        self._table = table
        self._counts: dict[str, dict[str, int]] = {}

    def count(self, stream_id: str, problem: Problem) -> None:
        """Count a request or frame of a viewer that was refused."""
        if self._table.has_stream(stream_id):
            counts = self._counts.setdefault(stream_id, {})
            counts[problem.name] = counts.get(problem.name, 0) + 1

    def of(self, stream_id: str) -> Mapping[str, int]:
        """Return how often each problem was met in a stream, the most frequent first."""
        return dict(sorted(self._counts.get(stream_id, {}).items(), key=lambda each: (-each[1], each[0])))
