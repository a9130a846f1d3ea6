"""Viewers who tap at a steady rate and watch their streams, whatever the answers take: what came of it."""

import gc
import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bench.stack import frames
from bench.stack.shown import Delays, Floats, Ints, delays, gathered
from bench.stack.sockets import SWEEP_S, Seat, Seen, Sockets

_AT_ONCE = 64
"""Sends of a client that is late, before it looks at what has come."""
_LAST_S = 20.0
"""How long the last taps may take to be answered and shown."""
_MOST_DELAYS = 4_000_000
"""Delays of a run that are looked at; where there are more, of every n-th screen."""


@dataclass(frozen=True, slots=True)
class Taps:
    """Batches of taps in the order in which they are due: when (`time.monotonic`), by which seat, of which emoji."""

    due: Floats
    seats: Ints
    emojis: Ints


@dataclass(frozen=True, slots=True)
class Run:
    """What came of a run. `sending_s` is how long sending took, `settled_s` until every screen showed all of it."""

    taps: int
    answered: int
    refused: int
    cut: int
    sending_s: float
    settled_s: float
    pictures: int
    delays: Delays
    due: Floats
    """When each batch of the first stream was due, and the stream's taps with it."""
    sums: Ints

    @property
    def is_whole(self) -> bool:
        """Whether all taps were answered, and shown by every screen."""
        return self.answered == self.taps and not (self.refused or self.cut or self.delays.missing)

    @property
    def taps_per_s(self) -> float:
        """Taps that were answered and shown in a second, the time until the last screen showed the last one counted."""
        return self.answered / self.settled_s

    def line(self) -> str:
        """Return it for a person."""
        text = f"{self.answered:,} of {self.taps:,} taps answered, {self.taps / self.sending_s:,.0f}/s"
        trouble = f", {self.refused} refused, {self.cut} cut" if self.refused or self.cut else ""
        return f"{text}{trouble}; {self.delays.line()}"


class Crowd:
    """Sockets of `seats`; who taps sends `batch` taps of one emoji at a time, in bursts of so many frames."""

    def __init__(self, seats: Sequence[Seat], emojis: Sequence[str], *, batch: int = 1, burst: int = 1) -> None:
        self._streams = np.array([seat.stream for seat in seats], np.int64)
        self._tappers = np.flatnonzero([not seat.watches for seat in seats])
        self._screens = np.flatnonzero([seat.watches for seat in seats])
        self._sent = np.zeros(self._streams.max() + 1, np.int64)
        self._single = frames.batches(emojis, batch)
        self._batch = batch
        self.gather(burst)
        self._sockets = Sockets(seats, b'"counted":%d,"window"' % batch)

    def __enter__(self) -> "Crowd":
        self._sockets.open()
        return self

    def __exit__(self, *_: object) -> None:
        self._sockets.close()

    def gather(self, burst: int) -> None:
        """Send so many frames at once from now on."""
        self._burst = burst
        self._frames = [frame * burst for frame in self._single]

    @property
    def sent(self) -> list[int]:
        """Taps of each stream so far."""
        return [int(each) for each in self._sent]

    def run(self, taps_per_s: float, seconds: float, seed: int = 1) -> Run:
        """Tap so long, at moments like a crowd's, and return when all is shown or will not be any more."""
        sockets, before = self._sockets, self._sent.copy()
        answered, refused, cut = sum(sockets.answered), sockets.refused, sockets.cut
        sockets.seen = Seen()
        gc.collect()
        gc.freeze()
        taps = self._plan(taps_per_s / (self._batch * self._burst), seconds, seed)
        began = float(taps.due[0])
        self._send(taps)
        sending_s = time.monotonic() - began
        np.add.at(self._sent, self._streams[taps.seats], self._batch * self._burst)
        settled_s = self._settle(began + sending_s + _LAST_S) - began
        return Run(
            taps=len(taps.due) * self._batch * self._burst,
            answered=(sum(sockets.answered) - answered) * self._batch,
            refused=sockets.refused - refused,
            cut=sockets.cut - cut,
            sending_s=sending_s,
            settled_s=settled_s,
            pictures=len(sockets.seen.times),
            delays=self._delays(taps, before, sockets.seen),
            due=taps.due[self._streams[taps.seats] == 0],
            sums=self._sums(before, 0, int((self._streams[taps.seats] == 0).sum())),
        )

    def _plan(self, per_s: float, seconds: float, seed: int) -> Taps:
        chance = np.random.default_rng(seed)
        number = max(1, round(per_s * seconds))
        due = time.monotonic() + 0.05 + np.cumsum(chance.exponential(1 / per_s, number))
        seats = self._tappers[chance.integers(len(self._tappers), size=number)]
        return Taps(due, seats, chance.integers(len(self._frames), size=number))

    def _send(self, taps: Taps) -> None:
        due, seats, emojis = taps.due.tolist(), taps.seats.tolist(), taps.emojis.tolist()
        at, number, send, turn = 0, len(due), self._sockets.send, self._sockets.turn
        while at < number:
            now = time.monotonic()
            last = min(at + _AT_ONCE, number)
            while at < last and due[at] <= now:
                send(seats[at], self._frames[emojis[at]])
                at += 1
            turn(max(0.0, due[at] - time.monotonic()) if at < number else 0)

    def _settle(self, deadline: float) -> float:
        """Wait until all is shown, then for the answers; return when it was, or the deadline."""
        wanted = [(int(screen), int(self._sent[self._streams[screen]])) for screen in self._screens]
        while time.monotonic() < deadline:
            self._sockets.turn(0.02)
            if all(self._sockets.shown[screen] == total for screen, total in wanted):
                break
        settled_at = time.monotonic()
        while time.monotonic() < settled_at + 2 * SWEEP_S:
            self._sockets.turn(0.02)
        return settled_at

    def _delays(self, taps: Taps, before: Ints, seen: Seen) -> Delays:
        totals, times, sockets = (np.array(each) for each in (seen.totals, seen.times, seen.sockets))
        order = np.argsort(sockets, kind="stable")
        bounds = np.searchsorted(sockets[order], np.arange(len(self._streams) + 1))
        streams = self._streams[taps.seats]
        mine = np.argsort(streams, kind="stable")
        stream_bounds = np.searchsorted(streams[mine], np.arange(len(self._sent) + 1))
        screens_of = np.bincount(self._streams[self._screens], minlength=len(self._sent))
        every = max(1, int(np.ceil((np.diff(stream_bounds) * screens_of).sum() / _MOST_DELAYS)))
        parts = []
        for socket in self._screens[::every]:
            stream = int(self._streams[socket])
            due = taps.due[mine[stream_bounds[stream] : stream_bounds[stream + 1]]]
            sums = self._sums(before, stream, len(due))
            own = order[bounds[socket] : bounds[socket + 1]]
            parts.append(delays(sums, due, totals[own], times[own]))
        return gathered(parts)

    def _sums(self, before: Ints, stream: int, batches: int) -> Ints:
        """Return the taps of a stream with each of its batches."""
        return np.asarray(before[stream] + self._batch * self._burst * np.arange(1, batches + 1), np.int64)
