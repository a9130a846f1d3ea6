"""Runs the gateway: `python -m gateway`, told by the environment (gateway.settings)."""

import gc
import signal
import sys
from functools import partial
from typing import Any

import structlog
import uvicorn
from pydantic import ValidationError

from contracts.limits import MAX_BODY_BYTES
from gateway import log
from gateway.app import create_app
from gateway.hot.crowd import Crowd
from gateway.hot.protocol import HttpProtocol
from gateway.live.protocol import SocketProtocol
from gateway.request_id import RequestIds
from gateway.settings import Settings

_SWITCH_INTERVAL_S = 0.001
"""How soon a thread that talks to Kafka gets its turn; Python's default of 5 ms would be felt on every screen."""


def server_config(settings: Settings) -> uvicorn.Config:
    """Return how uvicorn runs the gateway. It trusts forwarding headers from loopback only, as is its default."""
    app = create_app(settings)
    http: Any = partial(HttpProtocol, crowd=Crowd(app.state.services), slow_s=settings.slow_request_s)
    return uvicorn.Config(
        RequestIds(app, log_requests=settings.log_requests),
        host=settings.gateway_host,
        port=settings.gateway_port,
        loop="uvloop",
        http=http,
        ws=SocketProtocol,
        ws_max_size=MAX_BODY_BYTES,
        ws_per_message_deflate=False,
        access_log=False,
        log_config=None,
        server_header=False,
        timeout_keep_alive=75,
        # The last votes get their answer; then taps are drained.
        timeout_graceful_shutdown=settings.vote_deadline_ms // 1000 + 1,
    )


def main() -> int:
    """Run until SIGTERM or SIGINT; return the exit status."""
    log.configure()
    sys.setswitchinterval(_SWITCH_INTERVAL_S)
    for number in (signal.SIGTERM, signal.SIGINT):
        # uvicorn drains on these, and then raises them once more.
        signal.signal(number, lambda *_: sys.exit(0))
    try:
        settings = Settings()  # type: ignore[call-arg]
    except ValidationError as error:
        for each in error.errors(include_input=False, include_url=False):
            name = "OVATION_" + "_".join(str(part) for part in each["loc"]).upper()
            structlog.get_logger(__name__).error("a setting is missing or wrong", setting=name, reason=each["msg"])
        return 2
    log.configure(settings.log_format)
    server = uvicorn.Server(server_config(settings))
    # What is there by now stays: it need not be looked through again and again while a crowd's objects come and go.
    gc.collect()
    gc.freeze()
    server.run()
    return 0


if __name__ == "__main__":
    sys.exit(main())
