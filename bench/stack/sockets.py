"""A crowd that taps and watches, on one thread: a tap costs it a few microseconds, so that it measures the stack.

What comes is looked through as bytes, many messages at once: answers are counted, and of pictures the newest `version`
is noted, which is the sum of all taps that the picture shows. Who only taps is read now and then, as answers gather.
"""

import select
import socket
import time
from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from bench.handshake import handshake

_PING, _CLOSE = 9, 8
_PONG, _MASKED = 0x8A, 0x80
_OPENING_AT_ONCE = 64
_OPEN_S = 60.0
_CHUNK = 262_144
SWEEP_S = 0.25
"""How often the sockets that only tap are read."""
_SOURCES = 8
"""Addresses of loopback that sockets come from: one has too few ports for a large crowd."""
_VERSION, _ERROR = b'"version":', b'"type":"error"'


class Seat(NamedTuple):
    """One viewer's place: its gateway and its stream. Who `watches` is a screen, and does not tap."""

    address: tuple[str, int]
    path: str
    token: str
    stream: int
    watches: bool


@dataclass(slots=True)
class Seen:
    """What sockets showed: of each picture its time (`time.monotonic`), the taps in it, and the socket's number."""

    times: "array[float]" = field(default_factory=lambda: array("d"))
    totals: "array[int]" = field(default_factory=lambda: array("q"))
    sockets: "array[int]" = field(default_factory=lambda: array("i"))


class Sockets:
    """Sockets of a crowd. `answer` is the text by which an answer to a frame is recognised: all of it was counted."""

    def __init__(self, seats: Sequence[Seat], answer: bytes) -> None:
        self._seats = seats
        self._answer = answer
        self._epoll = select.epoll()
        self._at: dict[int, int] = {}
        self._sockets: list[socket.socket] = []
        self._rest: list[bytes] = [b""] * len(seats)
        self._unsent: dict[int, bytes] = {}
        self._opening: set[int] = set()
        self._lost: set[int] = set()
        self._tappers = [index for index, seat in enumerate(seats) if not seat.watches]
        self._swept, self._swept_at = 0, time.monotonic()
        self.seen = Seen()
        self.answered = [0] * len(seats)
        self.shown = [0] * len(seats)
        self.refused = 0
        self.cut = 0

    def open(self) -> None:
        """Open all sockets, and return when each has its first picture. Raises TimeoutError or RuntimeError."""
        deadline = time.monotonic() + _OPEN_S
        for index in range(len(self._seats)):
            self._connect(index)
            while len(self._opening) >= _OPENING_AT_ONCE:
                self._turn_before(deadline)
        while self._opening:
            self._turn_before(deadline)
        for index in self._tappers:
            self._epoll.modify(self._sockets[index], 0)

    def close(self) -> None:
        """Close all of them."""
        for each in self._sockets:
            each.close()
        self._epoll.close()

    def send(self, index: int, data: bytes) -> None:
        """Send frames on a socket; what the kernel does not take now goes out when it does."""
        if index in self._unsent:
            self._unsent[index] += data
            return
        try:
            sent = self._sockets[index].send(data)
        except BlockingIOError:
            sent = 0
        except ConnectionError:
            self.cut += 1
            return
        if sent < len(data):
            self._unsent[index] = data[sent:]
            self._epoll.modify(self._sockets[index], select.EPOLLOUT | self._wanted(index))

    def turn(self, wait_s: float) -> None:
        """Take what has come, or wait so long for something to come."""
        self._sweep()
        for fileno, event in self._epoll.poll(wait_s):
            index = self._at[fileno]
            if event & select.EPOLLOUT:
                self._epoll.modify(fileno, self._wanted(index))
                self.send(index, self._unsent.pop(index, b""))
            if event & ~select.EPOLLOUT:
                self._read(index)

    def _wanted(self, index: int) -> int:
        return select.EPOLLIN if self._seats[index].watches or index in self._opening else 0

    def _sweep(self) -> None:
        """Read as many of those that only tap as are due, so that each is read once in `SWEEP_S`."""
        if self._opening or not self._tappers:
            return
        number = len(self._tappers)
        due = min(number, int((time.monotonic() - self._swept_at) / SWEEP_S * number))
        if due:
            self._swept_at += due / number * SWEEP_S
            for place in range(self._swept, self._swept + due):
                self._read(self._tappers[place % number])
            self._swept = (self._swept + due) % number

    def _turn_before(self, deadline: float) -> None:
        if time.monotonic() > deadline:
            raise TimeoutError(f"{len(self._opening)} sockets have no picture after {_OPEN_S:.0f} s")
        self.turn(0.1)

    def _connect(self, index: int) -> None:
        seat = self._seats[index]
        connection = socket.socket()
        connection.bind((f"127.0.0.{2 + index % _SOURCES}", 0))
        connection.connect(seat.address)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.sendall(handshake(seat.path, seat.token))
        connection.setblocking(False)
        self._sockets.append(connection)
        self._at[connection.fileno()] = index
        self._opening.add(index)
        self._epoll.register(connection, select.EPOLLIN)

    def _read(self, index: int) -> None:
        connection = self._sockets[index]
        try:
            data = connection.recv(_CHUNK)
        except BlockingIOError:
            return
        except ConnectionError:
            data = b""
        if not data:
            self.cut += index not in self._lost
            self._lost.add(index)
            self._epoll.modify(connection, 0)
            return
        now = time.monotonic()
        data = self._rest[index] + data
        begin = 0
        if index in self._opening and data.startswith(b"HTTP/"):
            begin = data.find(b"\r\n\r\n") + 4
            if begin == 3:
                self._rest[index] = data
                return
            if not data.startswith(b"HTTP/1.1 101"):
                raise RuntimeError(f"A socket was refused: {data[:begin].decode('latin-1')}")
        end = self._walk(connection, data, begin)
        self._rest[index] = data[end:]
        self.answered[index] += data.count(self._answer, begin, end)
        self.refused += data.count(_ERROR, begin, end)
        found = data.rfind(_VERSION, begin, end)
        if found >= 0:
            found += len(_VERSION)
            self._opening.discard(index)
            self.shown[index] = int(data[found : data.index(b",", found)])
            if self._seats[index].watches:
                self.seen.times.append(now)
                self.seen.totals.append(self.shown[index])
                self.seen.sockets.append(index)

    def _walk(self, connection: socket.socket, data: bytes, at: int) -> int:
        """Return where the last whole frame ends, and answer pings."""
        length = len(data)
        while at + 2 <= length:
            begin, size = at + 2, data[at + 1]
            if size >= 126:
                begin += 2 if size == 126 else 8
                size = int.from_bytes(data[at + 2 : begin])
            end = begin + size
            if end > length:
                break
            kind = data[at] & 0x0F
            if kind == _PING:  # Masked with zeros.
                connection.send(bytes((_PONG, _MASKED | size)) + bytes(4) + data[begin:end])
            elif kind == _CLOSE:
                self.cut += 1
            at = end
        return at
