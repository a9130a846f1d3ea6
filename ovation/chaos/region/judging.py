"""What must hold of a crowd in two regions, whatever was lost meanwhile. Pure."""

from collections import Counter
from collections.abc import Iterator, Sequence

from ovation.chaos.region.viewer import Viewer
from ovation.client.answers import Poll

FLUSHED = 40
"""Taps that a gateway may hold when it is killed: each viewer's last."""


def votes_broken(poll: Poll, viewers: Sequence[Viewer], twice: Sequence[set[str]]) -> Iterator[str]:
    """Say what is wrong with a final result. `twice` are the options of each voter who voted in both regions."""
    voted = [viewer for viewer in viewers if viewer.voted_at is not None]
    yield from (f"{viewer.name} could not vote: {viewer.failed}" for viewer in viewers if viewer.voted_at is None)
    if poll.voters != len(voted) + len(twice):
        yield f"of {len(voted)} + {len(twice)} voters {poll.voters} ballots count"
    if poll.voters is not None and sum(option.votes or 0 for option in poll.options) != poll.voters:
        yield f"the options do not add up to {poll.voters} voters"
    sure = Counter(viewer.choice for viewer in voted)
    maybe = Counter(choice for choices in twice for choice in choices)
    for option in poll.options:
        least, most = sure[option.id], sure[option.id] + maybe[option.id]
        if not least <= (option.votes or 0) <= most:
            yield f"option {option.id} has {option.votes} votes, and should have {least} to {most}"


def screens_broken(viewers: Sequence[Viewer], twice: Sequence[set[str]]) -> Iterator[str]:
    """Say which numbers fell on screens.

    Of a voter who voted in both regions each shows its own vote until it hears of the one that stands: so much, and no
    more, may an option fall.
    """
    moved = Counter(choice for choices in twice for choice in choices)
    for viewer in viewers:
        for name, fall in viewer.falls.items():
            if fall > moved[name]:
                yield f"{viewer.name} saw {name} fall by {fall}"


def taps_broken(region: str, shown: int, viewers: Sequence[Viewer]) -> Iterator[str]:
    """Say what is wrong with the sum that a region shows.

    A gateway that is killed loses the taps of its last flush interval; those whose answer was lost count or do not.
    """
    counted, in_doubt = (sum(getattr(viewer, name) for viewer in viewers) for name in ("counted", "in_doubt"))
    if not counted - FLUSHED <= shown <= counted + in_doubt:
        yield f"{region} shows {shown} taps, of {counted} acknowledged and {in_doubt} in doubt"
