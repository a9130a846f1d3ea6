"""Polls: a broadcaster creates them; who watches may read them."""

from collections.abc import Sequence
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from contracts import messages
from contracts.limits import MAX_POLL_BODY_BYTES
from gateway import problems
from gateway.conditional import conditional_response, poll_etag
from gateway.control.model import Result
from gateway.final.seals import unsealed
from gateway.idempotency.write import new_id
from gateway.lean import LeanRoute, json_response, read_body
from gateway.live import render
from gateway.openapi import operation
from gateway.openapi.headers import ETAG, LOCATION
from gateway.openapi.parameters import Parameter
from gateway.refusal import Refused
from gateway.routes.access import BROADCASTER, VIEWER, is_broadcaster_else_viewer, require_broadcaster, require_viewer
from gateway.routes.poll_edits import answered, made
from gateway.routes.poll_shapes import NewPoll, PollAnswer, PollList, PollResults
from gateway.services import services_of
from gateway.votes.visibility import is_shown

_decoder = msgspec.json.Decoder(NewPoll)


async def create_poll(request: Request) -> Response:
    """Create a poll, as a draft, scheduled, or open."""
    require_broadcaster(request, "polls")
    services = services_of(request)
    new = await read_body(request, _decoder)
    stream = services.table.live_stream(request.path_params["stream"])
    poll = made(new, stream.stream_id, new.poll_id or new_id(request, 12), services.writer.stamp())
    # An id that the gateway made up exists already only where the same Idempotency-Key has made it.
    exists = Refused(problems.POLL_EXISTS, field="poll_id") if new.poll_id else None
    poll = await services.writer.create(poll, exists)
    headers = {
        "location": f"/v1/streams/{poll.stream_id}/polls/{poll.poll_id}",
        "etag": poll_etag(poll.revision, 0),
    }
    return json_response(answered(poll, services.clock(), broadcaster=True), 201, headers)


async def list_polls(request: Request) -> Response:
    """Return the polls of a stream, oldest first. A viewer does not see drafts, nor those that never were more."""
    services = services_of(request)
    broadcaster = is_broadcaster_else_viewer(request, "read")
    stream = services.table.stream(request.path_params["stream"])
    now_ms = services.clock()
    polls = [poll for poll in services.table.polls(stream.stream_id) if broadcaster or is_shown(poll)]
    return json_response(PollList([answered(poll, now_ms, broadcaster=broadcaster) for poll in polls]))


async def read_poll(request: Request) -> Response:
    """Return a poll and its results, as far as its rules show them to who asks. A viewer does not see drafts.

    Where results are shown after a vote, `receipt` is the proof of one.
    """
    services = services_of(request)
    broadcaster = is_broadcaster_else_viewer(request, "read")
    stream_id, poll_id = request.path_params["stream"], request.path_params["poll"]
    services.table.stream(stream_id)
    poll = services.table.poll(stream_id, poll_id)
    if not broadcaster and not is_shown(poll):
        raise Refused(problems.UNKNOWN_POLL)
    receipt = None if broadcaster else request.query_params.get("receipt")
    voted = receipt is not None and services.receipts.shows(receipt, require_viewer(request), poll)
    hub = await services.hubs.open(stream_id)
    await services.hubs.refresh(hub)
    # Only now, because it may have changed while Redis was asked.
    poll, now_ms = services.table.poll(stream_id, poll_id), services.clock()
    tally = hub.picture.tally(poll_id)
    shown = render.poll(poll, tally, now_ms, voted=voted, broadcaster=broadcaster)
    missing = unsealed(services.table, poll, services.settings.all_regions)
    results = _with_numbers(answered(poll, now_ms, broadcaster=broadcaster), shown, poll.result, missing)
    # Until the keeper has written what the clock made of the poll, its tag does not tell the two apart; nor does it
    # tell which regions have been heard of.
    is_told = poll.status == results.status and not missing
    etag = poll_etag(poll.revision, shown.get("version", 0)) if is_told else None
    return _private(request, msgspec.json.encode(results), etag)


def _with_numbers(poll: PollAnswer, shown: messages.Poll, result: Result | None, missing: Sequence[str]) -> PollResults:
    known: dict[str, Any] = {} if result is None else {"digest": result.digest}
    if missing:
        known["missing_regions"] = missing
    return msgspec.convert({**shown, **msgspec.to_builtins(poll), "options": shown["options"], **known}, PollResults)


def _private(request: Request, body: bytes, etag: str | None) -> Response:
    """Return an answer that depends on who asks."""
    headers = {"cache-control": "private, no-cache", "vary": "Authorization"}
    if etag is None:
        return Response(body, 200, headers, "application/json")
    return conditional_response(request, body, etag, "application/json", headers)


_RECEIPT = Parameter(
    "receipt", "query", "A receipt of the viewer's own vote in this poll.", "q83vEjRWeJCrze8SNFZ4", {"maxLength": 1_000}
)
_PATH = "/v1/streams/{stream}/polls"

ROUTES = [
    LeanRoute(
        _PATH,
        create_poll,
        methods=["POST"],
        max_bytes=MAX_POLL_BODY_BYTES,
        status_code=201,
        tags=["broadcasters"],
        openapi_extra=operation(
            caller="broadcaster",
            parameters=["stream"],
            body=NewPoll,
            answers={201: PollAnswer},
            gives={201: (LOCATION, ETAG)},
            refusals=(
                *BROADCASTER,
                problems.UNKNOWN_STREAM,
                problems.ENDED_STREAM,
                problems.POLL_EXISTS,
                problems.INVALID_RULES,
                problems.INVALID_SCHEDULE,
                problems.KAFKA_UNREACHABLE,
                problems.STARTING,
            ),
        ),
    ),
    LeanRoute(
        _PATH,
        list_polls,
        methods=["GET"],
        tags=["broadcasters", "viewers"],
        openapi_extra=operation(
            caller="either",
            parameters=["stream"],
            answers={200: PollList},
            refusals=(*VIEWER, problems.UNKNOWN_STREAM, problems.STARTING),
        ),
    ),
    LeanRoute(
        _PATH + "/{poll}",
        read_poll,
        methods=["GET"],
        tags=["broadcasters", "viewers"],
        openapi_extra=operation(
            caller="either",
            parameters=["stream", "poll"],
            takes=(_RECEIPT,),
            answers={200: PollResults, 304: ""},
            refusals=(*VIEWER, problems.UNKNOWN_STREAM, problems.UNKNOWN_POLL, problems.STARTING),
        ),
    ),
]
