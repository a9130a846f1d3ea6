"""Serves one data folder: `python -m local.clickhouse --data-dir D --port P`.

Prints one line when it is ready. SIGTERM and SIGINT give running queries `GRACE_S`, then cancel them, close the data
folder and end with status 0. Ends with status 1 and one sentence when the folder or the port cannot be had.
"""

import argparse
import ipaddress
import signal
import socket
import sys
from pathlib import Path

import uvicorn
from starlette.middleware.trustedhost import TrustedHostMiddleware

from local.clickhouse import code
from local.clickhouse.app import create_app
from local.clickhouse.engine import DataFolderError, Engine

GRACE_S = 5
"""How long requests may go on after SIGTERM before their queries are cancelled."""


def main() -> int:
    """Serve until a signal. Returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m local.clickhouse", description=__doc__.splitlines()[0])
    parser.add_argument("--data-dir", type=Path, required=True, help="folder of the tables; made if it is not there")
    parser.add_argument("--port", type=int, default=8123, help="0 takes a free one (default: %(default)s)")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    parser.add_argument("--config", type=Path, help="configuration of the engine, as a server has it; XML")
    parser.add_argument("--give-back", action="store_true", help="take less memory, and longer for the first queries")
    options = parser.parse_args()
    # These hold until uvicorn takes the signals, and again when it has shut down and raises what it got once more.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: sys.exit(0))
    try:
        listener = socket.create_server((options.host, options.port), backlog=512)
    except (OSError, OverflowError) as error:
        return _fail(f"Cannot listen on {options.host}:{options.port}: {error}.")
    try:
        engine = Engine(options.data_dir.absolute(), options.config)
    except DataFolderError as error:
        return _fail(str(error))
    if options.give_back:
        code.give_back()
    app = create_app(engine)
    if _is_loopback(options.host):
        # A name that an attacker's DNS points at this machine is no name of ours.
        app.add_middleware(TrustedHostMiddleware, allowed_hosts=["localhost", options.host])
    config = uvicorn.Config(app, log_level="warning", access_log=False, timeout_graceful_shutdown=GRACE_S)
    port = listener.getsockname()[1]
    print(f"ClickHouse engine {engine.version} serves {options.data_dir} on http://{options.host}:{port}", flush=True)
    uvicorn.Server(config).run(sockets=[listener])
    return 0


def _is_loopback(host: str) -> bool:
    return host == "localhost" or ipaddress.ip_address(host).is_loopback


def _fail(sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
