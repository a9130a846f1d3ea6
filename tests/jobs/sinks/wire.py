"""The wire between a sink and the engine, which a test makes slow or cuts. Every byte is a real one."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

PART_BYTES = 65_536


class Wire:
    """Passes connections on to `port`. What the engine answers is held up for `answer_s`; or lost, `cuts` times."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._open: list[socket.socket] = []
        self._lock = threading.Lock()
        self.answer_s = 0.0
        self.cuts = 0
        self.inserts = 0
        """Requests to insert that were passed on."""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    def accept(self) -> None:
        """Pass connections on until the wire is closed."""
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                engine = socket.create_connection(("127.0.0.1", self._port))
                self._open += [client, engine]
                threading.Thread(target=self._ask, args=(client, engine), daemon=True).start()
                threading.Thread(target=self._answer, args=(engine, client), daemon=True).start()

    def close(self) -> None:
        # A listener that is only closed goes on waiting for who connects.
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        for each in (self._listener, *self._open):
            _close(each)

    def _ask(self, client: socket.socket, engine: socket.socket) -> None:
        with suppress(OSError):
            while part := client.recv(PART_BYTES):
                self.inserts += part.count(b"INSERT+INTO") + part.count(b"INSERT%20INTO")
                engine.sendall(part)
        _close(engine)

    def _answer(self, engine: socket.socket, client: socket.socket) -> None:
        with suppress(OSError):
            while part := engine.recv(PART_BYTES):
                with self._lock:
                    is_cut = self.cuts > 0
                    self.cuts -= is_cut
                if is_cut:
                    break
                time.sleep(self.answer_s)
                client.sendall(part)
        _close(client)


def _close(one: socket.socket) -> None:
    # Before it is closed: a thread that waits in `recv` would not notice.
    with suppress(OSError):
        one.shutdown(socket.SHUT_RDWR)
    one.close()


@contextmanager
def wire(port: int) -> Iterator[Wire]:
    """Yield a wire to the engine at `port`."""
    wire = Wire(port)
    accepting = threading.Thread(target=wire.accept, daemon=True)
    accepting.start()
    try:
        yield wire
    finally:
        wire.close()
        accepting.join(10)
