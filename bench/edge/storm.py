"""Requests over HTTP as fast as a server takes them: a connection sends its next when the one before is answered.

One thread and `epoll`: a request costs the client two calls of the system, so that the server is what is measured. It
looks at fixed moments and waits for no answer, because to wake a client on the same machine costs the server as much as
the answer, and nothing where clients are elsewhere.
"""

import select
import socket
import time
from collections.abc import Sequence
from dataclasses import dataclass

from bench.edge.peers import Server
from bench.last_mile.usage import TICK_S, cpu_s

_CHUNK = 65_536
LOOK_S = 0.001
ANSWER_S = 10.0
_HEAD, _TAKEN = b"HTTP/1.1 ", b"HTTP/1.1 2"


@dataclass(frozen=True, slots=True)
class Stormed:
    """What came of it: answers, those of 2xx among them, and what the server took for them."""

    answers: int
    taken: int
    seconds: float
    cpu_s: float

    @property
    def per_cpu_s(self) -> float:
        """Answers for a second of the server's processor time."""
        return self.answers / max(self.cpu_s, TICK_S)


def storm(server: Server, requests: Sequence[bytes], connections: int, seconds: float) -> Stormed:
    """Send `requests`, whole ones of HTTP/1.1, over and over so long. Raises RuntimeError when nothing is answered."""
    poll = select.epoll()
    sockets: dict[int, socket.socket] = {}
    for _ in range(connections):
        connection = socket.create_connection(server.address)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        sockets[connection.fileno()] = connection
        poll.register(connection, select.EPOLLIN)
    turn = 0
    for connection in sockets.values():
        connection.send(requests[turn % len(requests)])
        turn += 1
    answers = taken = 0
    began, before = time.monotonic(), cpu_s(server.pid)
    ends, answered_at = began + seconds, began
    try:
        while time.monotonic() < ends or answers < turn:
            time.sleep(LOOK_S)
            ready, now = poll.poll(0), time.monotonic()
            if ready:
                answered_at = now
            elif now > answered_at + ANSWER_S:
                raise RuntimeError(f"{turn - answers} requests are not answered after {ANSWER_S:.0f} s")
            goes_on = now < ends
            for fileno, _ in ready:
                connection = sockets[fileno]
                answer = connection.recv(_CHUNK)
                if not answer:
                    raise RuntimeError("the server closed a connection")
                if not answer.startswith(_HEAD):  # A body that was written by itself.
                    continue
                answers += 1
                taken += answer.startswith(_TAKEN)
                if goes_on:
                    connection.send(requests[turn % len(requests)])
                    turn += 1
    finally:
        took, used = time.monotonic() - began, cpu_s(server.pid) - before
        for connection in sockets.values():
            connection.close()
        poll.close()
    return Stormed(answers, taken, took, used)
