"""What Flink finds as `python` on the path of a TaskManager whose workers are forked: `python … PYTHON SOCKET WORDS…`.

It needs nothing but the standard library, because it is started anew for each worker. Where no server answers, the
worker is started as Flink would have.
"""

import json
import os
import shlex
import socket
import sys
from pathlib import Path


def write(folder: Path, python: Path, worker: str) -> None:
    """Write the command into `folder`. What it is asked to be beside a worker, it leaves to Python."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path, own = folder / "python", shlex.quote(str(python))
    path.write_text(
        f'#!/bin/sh\nif [ "$1 $2" = "-m {worker}" ]; then\n'
        f'    exec {own} -I -S {shlex.quote(__file__)} {own} "$@"\nfi\nexec {own} "$@"\n',
        encoding="utf-8",
    )
    path.chmod(0o700)


def main(python: str, words: list[str]) -> None:
    """Hand over to the server, or become what was asked for."""
    try:
        hand_over(os.environ["OVATION_WORKERS_SOCKET"], words[2:])
    except (OSError, KeyError) as failure:
        print(f"The worker is not forked: {failure!r}", flush=True)
        os.execv(python, [python, *words])  # noqa: S606


def hand_over(path: str, arguments: list[str]) -> None:
    """Ask the server at `path` for a worker, and return once it is there. Raises OSError."""
    request = {"arguments": arguments, "folder": os.getcwd(), "environment": dict(os.environ)}  # noqa: PTH109
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.settimeout(60)
        connection.connect(path)
        socket.send_fds(connection, [b" "], [1, 2])
        connection.sendall(json.dumps(request).encode())
        connection.shutdown(socket.SHUT_WR)
        if connection.recv(1) != b"1":
            raise ConnectionResetError("the server ended")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
