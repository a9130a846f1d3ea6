"""Whether the gateway lives, whether it can serve, and its metrics."""

import msgspec
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.requests import Request
from starlette.responses import Response

from gateway import metrics
from gateway.lean import LeanRoute, json_response
from gateway.openapi import operation
from gateway.services import services_of


class Alive(msgspec.Struct, frozen=True):
    """The process answers."""

    status: str = "alive"


class Readiness(msgspec.Struct, frozen=True):
    """`ready`, `degraded` (it serves, but something is down) or `not-ready`, and what is down, by name."""

    status: str
    down: list[str]
    parts: dict[str, str]


async def livez(_request: Request) -> Response:
    """Say that the process answers."""
    return json_response(Alive(), headers={"cache-control": "no-store"})


async def readyz(request: Request) -> Response:
    """Say what is down. Without Kafka nothing can be taken for good; without Redis, old pictures are shown."""
    services = services_of(request)
    kafka_is_up = services.reader.kafka_is_up
    metrics.KAFKA_UP.set(kafka_is_up)
    up = {"kafka": kafka_is_up, "control": services.table.ready, "redis": services.hubs.redis_is_up}
    down = [name for name, is_up in up.items() if not is_up]
    serves = up["kafka"] and up["control"]
    status = "ready" if not down else "degraded" if serves else "not-ready"
    parts = {name: "up" if is_up else "down" for name, is_up in up.items()}
    return json_response(Readiness(status, down, parts), 200 if serves else 503, {"cache-control": "no-store"})


async def prometheus(request: Request) -> Response:
    """Return the metrics in Prometheus' text format."""
    metrics.KAFKA_UP.set(services_of(request).reader.kafka_is_up)
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)


ROUTES = [
    LeanRoute("/livez", livez, tags=["health"], openapi_extra=operation(caller="anyone", answers={200: Alive})),
    LeanRoute(
        "/readyz",
        readyz,
        tags=["health"],
        openapi_extra=operation(caller="anyone", answers={200: Readiness, 503: Readiness}),
    ),
    LeanRoute(
        "/metrics",
        prometheus,
        tags=["health"],
        openapi_extra=operation(caller="anyone", answers={200: "text/plain"}),
    ),
]
