"""Ports of the loopback interface."""

import random
import socket

RANGE = range(20_000, 32_000)
"""Below the range from which the system takes the ports of outgoing connections, so that a port stays free while the
part that listens on it is started again."""


def is_free(port: int) -> bool:
    """Return whether one can listen on `port`."""
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def free_ports(count: int) -> list[int]:
    """Return `count` different ports on which nothing listens now."""
    candidates = random.sample(RANGE, k=len(RANGE))
    found: list[int] = []
    for port in candidates:
        if is_free(port):
            found.append(port)
        if len(found) == count:
            return found
    raise OSError(f"fewer than {count} ports from {RANGE.start} to {RANGE.stop} are free")
