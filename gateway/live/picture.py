"""What a stream looks like now: totals, newest window, tallies, how many watch. Merging never takes a count back.

Messages come late, twice, or from a job that replays; whoever sends them, the larger total and the newer version stand.
"""

from dataclasses import dataclass, field

from gateway.live.tally import EMPTY, Tally


@dataclass(slots=True)
class Picture:
    """The newest known state of one stream. Times are epoch milliseconds.

    Until the state was read once (`is_known`) a missing number is not zero: nobody has said what it is.
    """

    is_known: bool = False
    totals: dict[str, int] = field(default_factory=dict)
    window_start: int = 0
    window: dict[str, int] = field(default_factory=dict)
    as_of: int = 0
    tallies: dict[str, Tally] = field(default_factory=dict)
    watching: int = 0
    watching_as_of: int = 0

    def tally(self, poll_id: str) -> Tally | None:
        """Return a poll's numbers, zeros before the first vote; None where they are not known."""
        return self.tallies.get(poll_id, EMPTY if self.is_known else None)

    def merge_totals(self, totals: dict[str, int], as_of: int) -> bool:
        """Raise totals to these; return whether any of them rose."""
        if not _raise(self.totals, totals):
            return False
        self.as_of = max(self.as_of, as_of)
        return True

    def merge_window(self, start: int, counts: dict[str, int], as_of: int) -> bool:
        """Take the window if it is newer, or raise its counts if it is the same; return whether anything changed."""
        if start < self.window_start:
            return False
        if start > self.window_start:
            self.window_start, self.window = start, dict(counts)
        elif not _raise(self.window, counts):
            return False
        self.as_of = max(self.as_of, as_of)
        return True

    def merge_tally(self, poll_id: str, tally: Tally) -> bool:
        """Take the tally if it is newer and lacks no vote; return whether it was taken."""
        if not tally.follows(self.tallies.get(poll_id, EMPTY)):
            return False
        self.tallies[poll_id] = tally
        return True

    def merge_presence(self, watching: int, as_of: int) -> bool:
        """Take how many watch; return whether that has changed. It is the one number that also falls."""
        if watching == self.watching:
            return False
        self.watching, self.watching_as_of = watching, as_of
        return True


def _raise(known: dict[str, int], counts: dict[str, int]) -> bool:
    rose = False
    for emoji, count in counts.items():
        if count > known.get(emoji, 0):
            known[emoji] = count
            rose = True
    return rose
