"""Frames over sockets as fast as a server takes them: a socket sends its next burst when the one before is answered.

One thread and `epoll`, and frames that were masked once and for all: a burst costs the client two calls of the system.
It looks at fixed moments, as `bench.edge.storm` does. A burst ends with `{"type": "ping"}`, whose answer says that the
server has come so far; a server may answer all frames.
"""

import select
import socket
import time
from collections.abc import Sequence
from dataclasses import dataclass

from bench.edge.peers import Server
from bench.edge.storm import ANSWER_S, LOOK_S
from bench.handshake import handshake
from bench.last_mile.usage import TICK_S, cpu_s
from bench.stack.frames import masked

_CHUNK = 65_536
_ANSWER, _ERROR = b'"type":"ack"', b'"type":"error"'
_PING = masked(b'{"type":"ping"}')


@dataclass(frozen=True, slots=True)
class Stormed:
    """What came of it: frames that were taken (no pings), answers of no, and what the server took for them."""

    frames: int
    refused: int
    seconds: float
    cpu_s: float

    @property
    def per_cpu_s(self) -> float:
        """Frames for a second of the server's processor time."""
        return self.frames / max(self.cpu_s, TICK_S)


class FrameStorm:
    """Sockets that are open, one for each of `seats` (path, token); use it as a context manager."""

    def __init__(self, server: Server, seats: Sequence[tuple[str, str]]) -> None:
        self._server = server
        self._seats = seats
        self._sockets: dict[int, socket.socket] = {}
        self._poll = select.epoll()

    def __enter__(self) -> "FrameStorm":
        for path, token in self._seats:
            connection = socket.create_connection(self._server.address, timeout=ANSWER_S)
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            connection.sendall(handshake(path, token))
            answer = connection.recv(_CHUNK)
            if not answer.startswith(b"HTTP/1.1 101"):
                raise RuntimeError(f"a socket was refused: {answer[:200]!r}")
            self._sockets[connection.fileno()] = connection
            self._poll.register(connection, select.EPOLLIN)
        return self

    def __exit__(self, *_: object) -> None:
        for connection in self._sockets.values():
            connection.close()
        self._poll.close()

    def run(self, frames: Sequence[bytes], burst: int, seconds: float, answers: int) -> Stormed:
        """Send `frames`, whole ones, over and over so long; a server gives so many `answers` to a burst and its ping.

        Raises RuntimeError when nothing is answered any more.
        """
        bursts = [_burst(frames, at, burst) for at in range(len(frames))]
        waiting = dict.fromkeys(self._sockets, 0)
        rest = dict.fromkeys(self._sockets, b"")
        began, before = time.monotonic(), cpu_s(self._server.pid)
        ends, answered_at = began + seconds, began
        sent = refused = 0
        for fileno, connection in self._sockets.items():
            connection.send(bursts[sent % len(bursts)])
            sent, waiting[fileno] = sent + 1, answers
        open_bursts = sent
        while open_bursts:
            time.sleep(LOOK_S)
            ready, now = self._poll.poll(0), time.monotonic()
            if ready:
                answered_at = now
            elif now > answered_at + ANSWER_S:
                raise RuntimeError(f"{open_bursts} bursts are not answered after {ANSWER_S:.0f} s")
            goes_on = now < ends
            for fileno, _ in ready:
                connection = self._sockets[fileno]
                came = connection.recv(_CHUNK)
                if not came:
                    raise RuntimeError("the server closed a socket")
                data = rest[fileno] + came
                rest[fileno] = data[-(len(_ERROR) - 1) :]
                waiting[fileno] -= _whole(data, _ANSWER, came)
                refused += _whole(data, _ERROR, came)
                if waiting[fileno] > 0:
                    continue
                if goes_on:
                    connection.send(bursts[sent % len(bursts)])
                    sent, waiting[fileno] = sent + 1, answers
                else:
                    open_bursts -= 1
        return Stormed(sent * burst, refused, time.monotonic() - began, cpu_s(self._server.pid) - before)


def _whole(data: bytes, what: bytes, came: bytes) -> int:
    """Return how often `what` ends in `came`, the last of `data`."""
    return data.count(what, max(0, len(data) - len(came) - len(what) + 1))


def _burst(frames: Sequence[bytes], at: int, number: int) -> bytes:
    return b"".join([frames[(at + place) % len(frames)] for place in range(number)]) + _PING
