"""A running crowd in the terminal."""

import time
from collections import deque

from rich.console import Group, RenderableType
from rich.progress_bar import ProgressBar
from rich.table import Table

from ovation.audience.crowd import Crowd
from ovation.audience.figures import Figures
from ovation.audience.latencies import Latencies

RECENT_S = 10


class RecentTaps:
    """Rate and latency of the last seconds. Look at it about once a second."""

    def __init__(self, figures: Figures) -> None:
        self._figures = figures
        self._looks: deque[tuple[float, int, Latencies]] = deque(maxlen=RECENT_S + 1)
        self.look()

    def look(self) -> None:
        """Remember how things stand now."""
        self._looks.append((time.monotonic(), self._figures.taps_sent, self._figures.tap_to_screen.copy()))

    @property
    def per_s(self) -> float:
        """Taps sent per second."""
        (began, before, _), (now, after, _) = self._looks[0], self._looks[-1]
        return (after - before) / (now - began) if now > began else 0.0

    @property
    def tap_to_screen(self) -> Latencies:
        """From tap to screen."""
        return self._looks[-1][2].since(self._looks[0][2])


def line(crowd: Crowd, recent: RecentTaps) -> str:
    """Return how it goes, in one line."""
    figures, latencies = crowd.figures, recent.tap_to_screen
    parts = [f"{figures.taps_acknowledged:,} taps", f"{recent.per_s:,.0f}/s"]
    p50, p99 = latencies.percentile(0.5), latencies.percentile(0.99)
    if p50 is not None and p99 is not None:
        parts.append(f"tap to screen p50 {p50:.0f} ms, p99 {p99:.0f} ms")
    if figures.votes_acknowledged:
        parts.append(f"{figures.votes_acknowledged:,} votes")
    if crowd.reconnects:
        parts.append(f"{crowd.reconnects} reconnects")
    if crowd.steps_back:
        parts.append(f"{crowd.steps_back} steps back")
    return "  ".join(parts)


def picture(crowd: Crowd, recent: RecentTaps, elapsed_s: float) -> RenderableType:
    """Return how it goes, with a bar for the time."""
    seconds = crowd.plan.seconds
    if seconds is None:
        return line(crowd, recent)
    bar = Table.grid(padding=(0, 1))
    bar.add_row(
        ProgressBar(total=seconds, completed=min(elapsed_s, seconds), width=40),
        f"{min(elapsed_s, seconds):.0f} of {seconds:.0f} s",
    )
    return Group(bar, line(crowd, recent))
