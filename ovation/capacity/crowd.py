"""The crowd that is planned for, and how its viewers are spread over streams and gateways."""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Crowd:
    """Who watches, taps and votes at the peak. Bounds are the command's; here every number is taken as it is."""

    viewers: float = 100_000
    """All of them, over all streams and regions."""
    taps_per_viewer: float = 0.2
    """A second."""
    streams: int = 1_000
    exponent: float = 1.0
    """Of the power law: the stream of rank k has viewers as k ** -exponent; 0 is the same for each."""
    emojis: int = 5
    """Of each stream, all tapped alike."""
    taps_per_frame: float = 1.0
    """What a client gathers before it sends."""
    frames_at_once: float = 1.0
    """Frames of one socket that lie ready when its gateway looks."""
    socket_share: float = 1.0
    """Share of viewers on a socket; the others poll `/live` through a CDN, and tap and vote by HTTP."""
    interval_ms: float = 50.0
    """Shortest time between two pictures of a screen."""
    poll_s: float = 1.0
    """Between two questions of a viewer who polls."""
    voting_share: float = 0.1
    """Share of viewers who vote within `voting_s`, in one poll of each stream."""
    voting_s: float = 30.0
    hours: float = 100.0
    """Live a month."""
    by_stream: bool = False
    """Whether a stream's viewers come to as few gateways as hold them; else each comes to any gateway."""
    regions: int = 1
    """Each whole, with as many viewers of every stream as the others. All of them count the world."""

    @property
    def of_a_region(self) -> "Crowd":
        """Who comes to the gateways of one region."""
        return replace(self, viewers=self.viewers / self.regions, regions=1)

    @property
    def taps(self) -> float:
        """Taps a second."""
        return self.viewers * self.taps_per_viewer

    @property
    def sockets(self) -> float:
        return self.viewers * self.socket_share

    @property
    def votes(self) -> float:
        """Votes a second while a poll is open."""
        return self.viewers * self.voting_share / self.voting_s

    def viewers_by_stream(self) -> Floats:
        """Return the viewers of each stream, the largest first."""
        weights = np.arange(1, self.streams + 1, dtype=np.float64) ** -self.exponent
        share: Floats = weights / weights.sum()
        return self.viewers * share

    def gateways_by_stream(self, gateways: int, share: float = 1.0) -> Floats:
        """Return over how many of `gateways` a share of the viewers of each stream is spread, as an expectation."""
        viewers = self.viewers_by_stream() * share
        if self.by_stream:
            alike = np.ceil(viewers * gateways / (self.viewers * max(share, 1e-12)))
            return np.asarray(np.clip(alike, 1.0, gateways), dtype=np.float64)
        if gateways == 1:
            return np.ones_like(viewers)
        # A gateway has none of n viewers with the probability (1 - 1 / gateways) ** n. A stream has one gateway anyway.
        none = np.exp(viewers * np.log1p(-1 / gateways))
        return np.asarray(np.maximum(1.0, gateways * (1 - none)), dtype=np.float64)
