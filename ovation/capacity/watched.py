"""The simulation with its progress on the terminal."""

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from ovation.capacity.crowd import Crowd
from ovation.capacity.pace import Pace
from ovation.capacity.trial import EDGES, Compared, crowds, trial
from ovation.terminal import err


def simulated(crowd: Crowd, seed: int, pace: Pace) -> list[Compared]:
    """Return what every simulated crowd was counted to do, beside the model."""
    columns = (TextColumn("Edges"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    found: list[Compared] = []
    every = crowds(crowd)
    with Progress(*columns, console=err, transient=True) as progress:
        task = progress.add_task("", total=EDGES * len(every))
        for place, each in enumerate(every):

            def done(edges: int, before: int = place * EDGES) -> None:
                progress.update(task, completed=before + edges)

            found += trial(each, seed, pace, progress=done)
    return found
