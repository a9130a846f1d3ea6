"""What a socket shows, as server-sent events: for who only watches, and wants plain HTTP and no token."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from gateway import problems
from gateway.lean import LeanRoute
from gateway.live.event_stream import EventStream
from gateway.live.hub import StreamHub
from gateway.live.wire import wire_of
from gateway.openapi import operation
from gateway.openapi.parameters import INTERVAL
from gateway.routes.live import interval_of
from gateway.services import services_of

MEDIA_TYPE = "text/event-stream"


async def events(request: Request) -> Response:
    """Send the snapshot and then what changes, for as long as the client stays. It shows what `/live` shows."""
    interval_ms = interval_of(request)
    services = services_of(request)
    hub = await services.hubs.open(request.path_params["stream"])
    return _Events(hub, interval_ms / 1000, services.settings.slow_socket_s)


class _Events(Response):
    """Sends the head, and hands the connection over; the task is only there to end with it."""

    def __init__(self, hub: StreamHub, interval_s: float, slow_s: float) -> None:
        super().__init__(headers={"cache-control": "no-store", "x-accel-buffering": "no"}, media_type=MEDIA_TYPE)
        del self.headers["content-length"]
        self._hub = hub
        self._interval_s = interval_s
        self._slow_s = slow_s

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        wire = wire_of(scope)
        EventStream(wire, self._hub, interval_s=self._interval_s, slow_s=self._slow_s, is_viewer=True).start()
        while (await receive())["type"] != "http.disconnect":
            pass


ROUTES = [
    LeanRoute(
        "/v1/streams/{stream}/events",
        events,
        methods=["GET"],
        tags=["viewers"],
        openapi_extra=operation(
            caller="anyone",
            parameters=["stream"],
            takes=(INTERVAL,),
            answers={200: MEDIA_TYPE},
            refusals=(problems.UNKNOWN_STREAM, problems.INVALID_FIELD, problems.STARTING),
        ),
    ),
]
