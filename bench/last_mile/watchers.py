"""Lean sockets in a process of their own."""

import multiprocessing
from collections.abc import Sequence
from multiprocessing.connection import Connection
from types import TracebackType
from typing import Any, Self

from bench.last_mile.lean_sockets import Arrivals, LeanSockets

_OPEN_S = 300.0
_STOP_S = 10.0


class Watchers:
    """Opens a socket for each token, and keeps them open. Use it as a context manager."""

    def __init__(self, address: tuple[str, int], path: str, tokens: Sequence[str], stalled: int = 0) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_run, args=(theirs, address, path, tokens, stalled), daemon=True)

    def __enter__(self) -> Self:
        """Return when every socket that reads has its first picture."""
        self._process.start()
        try:
            self._answer(_OPEN_S)
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def arrivals(self) -> Arrivals:
        """Return what came since this was asked last, or since the sockets were opened."""
        self._pipe.send("arrivals")
        arrivals = self._answer(_STOP_S)
        assert isinstance(arrivals, Arrivals)
        return arrivals

    def close(self) -> None:
        """End the process, and with it the sockets."""
        self._process.kill()
        self._process.join(_STOP_S)

    def _answer(self, seconds: float) -> Any:
        if not self._pipe.poll(seconds):
            raise TimeoutError(f"the watchers did not answer within {seconds:.0f} s")
        return self._pipe.recv()


def _run(pipe: Connection, address: tuple[str, int], path: str, tokens: Sequence[str], stalled: int) -> None:
    sockets = LeanSockets(address, path, tokens, stalled)

    def answer() -> None:
        pipe.recv()
        pipe.send(sockets.arrivals)
        sockets.arrivals = Arrivals()

    sockets.open()
    sockets.also(pipe.fileno(), answer)
    pipe.send("open")
    while True:
        sockets.turn()
