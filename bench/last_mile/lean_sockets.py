"""WebSockets that only look which state a message shows, so that they measure the server and not themselves.

One thread, `epoll` and a regular expression: a frame costs a few microseconds. A socket that reads and is cut is opened
again.
"""

import re
import select
import socket
import time
from array import array
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from bench.handshake import handshake

FIRST_EMOJI = "🔥"
"""Its count is the number of the publication: each adds one tap."""

NUMBER = re.compile(rf'"{FIRST_EMOJI}":(\d+)'.encode())
_TEXT, _CLOSE, _PING = 1, 8, 9
_PONG, _MASKED = 0x8A, 0x80
_ETHERNET_MSS = 1_448
"""A server's kernel buffers in proportion to the segment, which on loopback is 45 times as large as on a network."""
_STALLED_BUFFER = 2_304
_SOURCES = 8
"""Addresses of loopback that sockets come from: one has too few ports for a large crowd."""
_OPENING_AT_ONCE = 128


@dataclass(slots=True)
class Arrivals:
    """What came: of each frame that shows a state its time (`time.monotonic`), the state's number, and its socket."""

    times: "array[float]" = field(default_factory=lambda: array("d"))
    numbers: "array[int]" = field(default_factory=lambda: array("q"))
    sockets: "array[int]" = field(default_factory=lambda: array("i"))
    bytes: int = 0
    cut: Counter[str] = field(default_factory=Counter)
    """Sockets that the server closed, by how."""


class LeanSockets:
    """A crowd of sockets on one thread. `stalled` of them, evenly among the others, never read."""

    def __init__(self, address: tuple[str, int], path: str, tokens: Sequence[str], stalled: int = 0) -> None:
        self._address = address
        self._path = path
        self._tokens = tokens
        every = len(tokens) // stalled if stalled else 1
        self._stalled = frozenset(range(0, stalled * every, every))
        self._sockets: dict[int, tuple[int, socket.socket]] = {}
        self._rest: dict[int, bytes] = {}
        self._opening: set[int] = set()
        self._epoll = select.epoll()
        self._others: dict[int, Callable[[], None]] = {}
        self.arrivals = Arrivals()

    def also(self, fileno: int, act: Callable[[], None]) -> None:
        """Call `act` when `fileno` has something to read."""
        self._others[fileno] = act
        self._epoll.register(fileno, select.EPOLLIN)

    def open(self) -> None:
        """Open all sockets, and return when all that read have their first picture."""
        for index in range(len(self._tokens)):
            self._connect(index)
            while len(self._opening) >= _OPENING_AT_ONCE:
                self.turn()
        while self._opening:
            self.turn()

    def turn(self) -> None:
        """Take what has come, or wait for something to come."""
        for fileno, _ in self._epoll.poll():
            if fileno in self._others:
                self._others[fileno]()
                continue
            index, connection = self._sockets[fileno]
            try:
                data = connection.recv(65_536)
            except ConnectionError:
                data = b""
            if data:
                self._take(index, connection, data)
            else:
                self._reopen(connection, "without a word")

    def _connect(self, index: int) -> None:
        connection = socket.socket()
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, _ETHERNET_MSS)
        if index in self._stalled:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _STALLED_BUFFER)
        connection.bind((f"127.0.0.{2 + index % _SOURCES}", 0))
        connection.connect(self._address)
        connection.sendall(handshake(self._path, self._tokens[index]))
        connection.setblocking(False)
        self._sockets[connection.fileno()] = index, connection
        if index not in self._stalled:
            self._rest[index] = b""
            self._opening.add(index)
            self._epoll.register(connection, select.EPOLLIN)

    def _reopen(self, connection: socket.socket, how: str) -> None:
        index, _ = self._sockets.pop(connection.fileno())
        self._epoll.unregister(connection)
        connection.close()
        self.arrivals.cut[how] += 1
        self._connect(index)

    def _take(self, index: int, connection: socket.socket, data: bytes) -> None:
        now = time.monotonic()
        self.arrivals.bytes += len(data)
        data = self._rest[index] + data
        at = 0
        if index in self._opening and data.startswith(b"HTTP/"):
            at = data.find(b"\r\n\r\n") + 4
            if at == 3:
                self._rest[index] = data
                return
            if not data.startswith(b"HTTP/1.1 101"):
                raise RuntimeError(f"A socket was refused: {data[:at].decode('latin-1')}")
        while (frame := _frame(data, at)) is not None:
            begin, end = frame
            kind = data[at] & 0x0F
            if kind == _TEXT:
                found = NUMBER.search(data, begin, end)
                if found is not None:
                    self._note(now, int(found[1]), index)
            elif kind == _PING:  # Masked with zeros.
                connection.send(bytes((_PONG, _MASKED | (end - begin))) + bytes(4) + data[begin:end])
            elif kind == _CLOSE:
                self._reopen(connection, f"with {int.from_bytes(data[begin : begin + 2])}")
                return
            at = end
        self._rest[index] = data[at:]

    def _note(self, now: float, number: int, index: int) -> None:
        self._opening.discard(index)
        self.arrivals.times.append(now)
        self.arrivals.numbers.append(number)
        self.arrivals.sockets.append(index)


def _frame(data: bytes, at: int) -> tuple[int, int] | None:
    """Return where the payload of the frame at `at` begins and ends (RFC 6455, section 5.2); None if it is not all
    there.
    """
    if len(data) < at + 2:
        return None
    begin, length = at + 2, data[at + 1]
    if length >= 126:
        begin += 2 if length == 126 else 8
        length = int.from_bytes(data[at + 2 : begin])
    end = begin + length
    return (begin, end) if end <= len(data) else None
