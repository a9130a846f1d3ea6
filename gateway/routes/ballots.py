"""The list of a final poll's ballots, with which anybody can count it again."""

from collections.abc import AsyncGenerator
from contextlib import aclosing

import structlog
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.types import Send

from contracts.ballots import MEDIA_TYPE
from gateway import problems
from gateway.conditional import conditional_response
from gateway.final.ballot_list import AnotherList, ballot_list
from gateway.final.recount import Ballots
from gateway.lean import LeanRoute
from gateway.openapi import operation
from gateway.refusal import Refused
from gateway.routes.access import BROADCASTER, require_broadcaster
from gateway.services import services_of

log = structlog.get_logger(__name__)


class _BallotList(StreamingResponse):
    """The list, as fast as the client takes it. If it breaks off it has no proper end, so nobody takes it for whole."""

    def __init__(self, parts: AsyncGenerator[bytes, None], headers: dict[str, str]) -> None:
        super().__init__(parts, 200, headers, MEDIA_TYPE)
        self._parts = parts

    async def stream_response(self, send: Send) -> None:
        try:
            async with aclosing(self._parts):
                await super().stream_response(send)
        except (Refused, AnotherList) as error:
            log.error("a list of ballots broke off", reason=str(error) or type(error).__name__)


async def read_ballots(request: Request) -> Response:
    """Return every ballot of a final poll, without voters and times, sorted by random ids.

    The first line says which poll and what result, how many ballots follow and what their digest is (SHA-256 over their
    lines, and the `ETag`); so a download that was cut off or changed is known. `ovation recount FILE` counts it again,
    from the file alone; `tail -n +2 FILE | sha256sum` gives the digest.
    """
    require_broadcaster(request, "read")
    services = services_of(request)
    stream_id, poll_id = request.path_params["stream"], request.path_params["poll"]
    services.table.stream(stream_id)
    poll = services.table.poll(stream_id, poll_id)
    if poll.status != "final" or poll.result is None:
        raise Refused(problems.NOT_FINAL_POLL)
    answer = conditional_response(
        request,
        b"",
        f'"{poll.result.digest}"',
        MEDIA_TYPE,
        {
            # A final poll is what it is; but it is not for everybody.
            "cache-control": "private, max-age=31536000, immutable",
            "vary": "Authorization",
            "content-disposition": f'attachment; filename="{stream_id}.{poll_id}.ballots.ndjson"',
        },
    )
    if answer.status_code == 304:
        return answer
    parts = ballot_list(poll, Ballots(services.patient_history))
    first = await anext(parts)
    headers = {name: value for name, value in answer.headers.items() if name not in ("content-length", "content-type")}
    return _BallotList(_after(first, parts), headers)


async def _after(first: bytes, parts: AsyncGenerator[bytes, None]) -> AsyncGenerator[bytes, None]:
    async with aclosing(parts):
        yield first
        async for part in parts:
            yield part


ROUTES = [
    LeanRoute(
        "/v1/streams/{stream}/polls/{poll}/ballots",
        read_ballots,
        methods=["GET"],
        tags=["broadcasters"],
        openapi_extra=operation(
            caller="broadcaster",
            parameters=["stream", "poll"],
            answers={200: MEDIA_TYPE, 304: ""},
            refusals=(
                *BROADCASTER,
                problems.UNKNOWN_STREAM,
                problems.UNKNOWN_POLL,
                problems.NOT_FINAL_POLL,
                problems.HISTORY_UNREACHABLE,
                problems.HISTORY_LIMIT,
                problems.STARTING,
            ),
        ),
    ),
]
