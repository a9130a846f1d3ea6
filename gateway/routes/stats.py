"""What a gateway sees of a stream just now. For broadcasters."""

from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType
from starlette.requests import Request
from starlette.responses import Response

from gateway import problems
from gateway.final.numbers import Numbers
from gateway.lean import LeanRoute, json_response
from gateway.openapi import operation
from gateway.routes.access import BROADCASTER, require_broadcaster
from gateway.services import services_of
from gateway.stats.rises import SECONDS

BySecond = Annotated[list[int], Meta(min_length=SECONDS, max_length=SECONDS)]


class LiveLag(msgspec.Struct, frozen=True):
    """How long taps took from a gateway's stamp to the picture, milliseconds: half of them, and 99 of a hundred."""

    p50: int
    p99: int


class Recount(msgspec.Struct, frozen=True):
    """A closed poll that is not final. `waiting` for its votes to be in both stores, or for the recount; `different`
    when live tally and recount are not the same, with both accounts. Then it is tried again.
    """

    poll_id: str
    state: Literal["waiting", "different"]
    live: Numbers | UnsetType = UNSET
    recount: Numbers | UnsetType = UNSET


class StreamStats(msgspec.Struct, frozen=True, kw_only=True):
    """A stream as this gateway, `edge`, sees it. Times are epoch milliseconds.

    Of the whole stream are `watching`, the taps and the votes: those that came into the live picture in each of the
    last 60 whole seconds, the oldest first, and a second's mean of the last five. This gateway's own are `screens`
    (sockets and event streams that are open), `refused` (viewers' requests and frames since `since`, by the name of the
    problem), and `live_lag_ms` (of the last minute; null when no taps came by this gateway). `history_lag_s` is for how
    long the oldest tap or vote that the history lacks has been in Kafka, of whatever stream; null while nobody knows.
    """

    stream_id: str
    edge: str
    as_of: int
    watching: int
    screens: int
    taps_per_s: float
    votes_per_s: float
    taps: BySecond
    votes: BySecond
    live_lag_ms: LiveLag | None
    history_lag_s: float | None
    refused: dict[str, int]
    since: int
    recounts: list[Recount]


async def stats(request: Request) -> Response:
    """Say how a stream is doing now: who watches, taps and votes a second, how late, what was refused."""
    require_broadcaster(request, "read")
    services = services_of(request)
    hub = await services.hubs.open(request.path_params["stream"])
    now_ms, meter = services.clock(), hub.meter
    lags = meter.lags.percentiles(now_ms, 50, 99)
    history_lag_s = services.history_lag.slowest()
    answer = StreamStats(
        stream_id=hub.stream_id,
        edge=services.settings.edge,
        as_of=now_ms,
        watching=hub.picture.watching,
        screens=sum(len(group.screens) for group in hub.screens.groups),
        taps_per_s=meter.taps.per_second(now_ms),
        votes_per_s=meter.votes.per_second(now_ms),
        taps=meter.taps.by_second(now_ms),
        votes=meter.votes.by_second(now_ms),
        live_lag_ms=None if lags is None else LiveLag(*lags),
        history_lag_s=None if history_lag_s is None else round(history_lag_s, 1),
        refused=dict(services.refusals.of(hub.stream_id)),
        since=services.refusals.since_ms,
        recounts=_recounts(request, hub.stream_id),
    )
    return json_response(answer, headers={"cache-control": "no-store"})


def _recounts(request: Request, stream_id: str) -> list[Recount]:
    finaliser = services_of(request).finaliser
    return [
        Recount(poll_id, "waiting") if accounts is None else Recount(poll_id, "different", *accounts)
        for poll_id, accounts in (finaliser.waiting(stream_id) if finaliser else {}).items()
    ]


ROUTES = [
    LeanRoute(
        "/v1/streams/{stream}/stats",
        stats,
        methods=["GET"],
        tags=["broadcasters"],
        openapi_extra=operation(
            caller="broadcaster",
            parameters=["stream"],
            answers={200: StreamStats},
            refusals=(*BROADCASTER, problems.UNKNOWN_STREAM),
        ),
    ),
]
