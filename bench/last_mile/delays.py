"""How long each publication took to each socket."""

from collections.abc import Mapping

from bench.last_mile.lean_sockets import Arrivals
from ovation.audience.latencies import Latencies


def delays(sent: Mapping[int, float], arrivals: Arrivals) -> Latencies:
    """Return, for each publication and socket, how long it took until the socket showed that state or a newer one.

    So one that is passed over, because a newer state came within the interval, counts with what it waited for that one.
    """
    found = Latencies()
    first, shown = min(sent), dict.fromkeys(arrivals.sockets, 0)
    for at, number, socket in zip(arrivals.times, arrivals.numbers, arrivals.sockets, strict=True):
        for each in range(max(shown[socket] + 1, first), number + 1):
            if each in sent:
                found.add(at - sent[each])
        shown[socket] = max(shown[socket], number)
    return found


def missing(sent: Mapping[int, float], arrivals: Arrivals, sockets: int) -> int:
    """Return how many of `sockets` do not show the last publication."""
    last = max(sent)
    return sockets - len(
        {socket for number, socket in zip(arrivals.numbers, arrivals.sockets, strict=True) if number >= last}
    )
