"""Forks Python workers for one TaskManager: `python -m local.workers.server SOCKET`. Ends when what began it does.

A request is a JSON object with `arguments`, `folder` and `environment`, and with the worker's output and errors as file
descriptors. It is answered with a byte once the worker is there.
"""

import gc
import importlib
import json
import os
import runpy
import signal
import socket
import sys
import traceback
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from local.workers import WORKER

LIBRARIES = (
    "apache_beam.portability.api.org.apache.beam.model.fn_execution.v1.beam_provision_api_pb2_grpc",
    "pyflink.fn_execution.beam.beam_sdk_worker_main",
    "clickhouse_connect",
    "jsonschema",
    "pandas",
    "pyarrow",
    "pydantic_settings",
    "redis",
)
"""What workers import that is not of the jobs. None of it may start a thread that a fork would lack."""
LOOK_S = 1.0
"""How often it looks whether its parent is still there."""
PART_BYTES = 1 << 16


def main(path: str) -> None:
    """Serve at the socket `path` until the parent is gone."""
    parent = os.getppid()
    Path(path).unlink(missing_ok=True)
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listener:
        listener.bind(path)
        os.chmod(path, 0o600)  # noqa: PTH101
        # Who asks now waits, which takes no longer than to load the same by itself.
        listener.listen(16)
        load(LIBRARIES)
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)
        listener.settimeout(LOOK_S)
        while os.getppid() == parent:
            with suppress(TimeoutError):
                connection, _ = listener.accept()
                with connection:
                    connection.settimeout(LOOK_S)
                    with suppress(OSError, ValueError):
                        serve(listener, connection)


def load(libraries: Sequence[str]) -> None:
    """Import what workers share, and put it where the collector writes no marks: a page that is written is copied."""
    # Threads of the library for matrices, which nobody here has, would be lost in a fork.
    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    gc.disable()
    for each in libraries:
        importlib.import_module(each)
    gc.collect()
    gc.freeze()
    gc.enable()


def serve(listener: socket.socket, connection: socket.socket) -> None:
    """Answer one request. In the worker it does not return."""
    message, outputs, _, _ = socket.recv_fds(connection, PART_BYTES, 2)
    try:
        while part := connection.recv(PART_BYTES):
            message += part
        request = json.loads(message)
        if os.fork() == 0:
            become(request, outputs, listener, connection)
    finally:
        for output in outputs:
            os.close(output)


def become(
    request: dict[str, object], outputs: Sequence[int], listener: socket.socket, connection: socket.socket
) -> None:
    """Be the worker that was asked for, and end with it."""
    status = 1
    try:
        listener.close()
        connection.send(b"1")
        connection.close()
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        for number, output in zip((1, 2), outputs, strict=True):
            os.dup2(output, number)
            os.close(output)
        _be_as_if_started(**request)  # type: ignore[arg-type]
        runpy.run_module(WORKER, run_name="__main__", alter_sys=True)
        status = 0
    except SystemExit as ending:
        status = ending.code if isinstance(ending.code, int) else int(ending.code is not None)
    except BaseException:  # The fork must never go on as the server.
        traceback.print_exc()
    finally:
        with suppress(Exception):
            sys.stdout.flush()
        os._exit(status)


def _be_as_if_started(arguments: list[str], folder: str, environment: dict[str, str]) -> None:
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = [WORKER, *arguments]
    # As Python does when it starts: the submitted jobs are found here, before those of the checkout.
    sys.path[:0] = [each for each in environment.get("PYTHONPATH", "").split(os.pathsep) if each]


if __name__ == "__main__":
    main(sys.argv[1])
