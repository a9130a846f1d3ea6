"""What the demo shows in the terminal: totals and the poll as bars, rates and latency; as lines where there is none."""

from rich.bar import Bar
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from contracts.messages import Poll
from ovation.audience.crowd import Crowd
from ovation.audience.screen import Screen
from ovation.audience.stage import Stage
from ovation.audience.view import RecentTaps, line

BAR_CHARS = 40


def picture(crowd: Crowd, recent: RecentTaps) -> RenderableType:
    """Return what the first screen of the crowd shows."""
    stage = crowd.stages[0]
    screen = stage.screens[0]
    parts: list[RenderableType] = [_totals(screen, crowd.plan.emojis), Text()]
    poll = screen.polls.get(stage.poll_id)
    if poll is not None:
        parts += [Text(f"{poll.get('question', '')}  {poll.get('voters', 0):,} voters"), _options(poll), Text()]
    return Group(*parts, Text(line(crowd, recent)))


def plain(crowd: Crowd, recent: RecentTaps) -> str:
    """Return the same in one line."""
    stage = crowd.stages[0]
    screen = stage.screens[0]
    totals = "  ".join(f"{emoji} {screen.totals.get(emoji, 0):,}" for emoji in crowd.plan.emojis)
    return "  |  ".join(part for part in (totals, _votes(stage, screen), line(crowd, recent)) if part)


def _totals(screen: Screen, emojis: tuple[str, ...]) -> Table:
    most = max([1, *screen.totals.values()])
    return _bars([(emoji, screen.totals.get(emoji, 0)) for emoji in emojis], most)


def _options(poll: Poll) -> Table:
    rows = [(option.get("text", option["id"]), option.get("votes", 0)) for option in poll["options"]]
    return _bars(rows, max(1, poll.get("voters", 0)))


def _bars(rows: list[tuple[str, int]], full: int) -> Table:
    table = Table.grid(padding=(0, 1))
    for name, number in rows:
        table.add_row(name, Bar(size=full, begin=0, end=number, width=BAR_CHARS), f"{number:>9,}")
    return table


def _votes(stage: Stage, screen: Screen) -> str:
    poll = screen.polls.get(stage.poll_id)
    if poll is None or not poll.get("voters"):
        return ""
    return "  ".join(f"{option.get('text', option['id'])} {option.get('votes', 0):,}" for option in poll["options"])
