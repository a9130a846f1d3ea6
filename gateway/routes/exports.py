"""The rows of a stream as files: CSV, JSON, NDJSON, Parquet or Arrow, a page at a time. For broadcasters."""

from collections.abc import AsyncGenerator, Mapping
from contextlib import ExitStack, aclosing
from urllib.parse import urlencode

import structlog
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from gateway import problems
from gateway.conditional import conditional_response, weak_etag_of
from gateway.control.model import Stream
from gateway.history import settled
from gateway.history.answers import Rows
from gateway.history.export import MAX_ROWS, REACTIONS, USUAL_ROWS, VOTES, Page, Table, Wanted
from gateway.history.export_formats import FORMATS, Format
from gateway.history.span import MAX_TIME_MS, number
from gateway.lean import Endpoint, LeanRoute
from gateway.openapi import operation
from gateway.openapi.headers import FILE_NAME, NEXT_CURSOR, NEXT_PAGE
from gateway.openapi.parameters import BEFORE, CURSOR, FORMAT, LIMIT, SINCE
from gateway.refusal import Refused
from gateway.routes.access import BROADCASTER, require_broadcaster
from gateway.services import Services, services_of

log = structlog.get_logger(__name__)


class _Document(StreamingResponse):
    """A page, as fast as its reader takes it. If it breaks off it has no proper end, so nobody takes it for whole."""

    def __init__(self, parts: AsyncGenerator[bytes, None], headers: Mapping[str, str], held: ExitStack) -> None:
        super().__init__(parts, 200, headers)
        self._parts = parts
        self._held = held

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        with self._held:
            async with aclosing(self._parts):
                await super().__call__(scope, receive, send)

    async def stream_response(self, send: Send) -> None:
        try:
            await super().stream_response(send)
        except Refused as refused:
            log.warning("an export broke off", reason=str(refused))


async def export_reactions(request: Request) -> Response:
    """Return the windows of a stream as they are: taps by second, emoji and region.

    There are at most `limit` rows, in the order of time, emoji and region. Where there are more, `Next-Cursor` is the
    `cursor` of the next page, and `Link` its address. A page whose connection broke is asked for again, and has the
    same rows; over all pages each row comes once. A stream that goes on may add rows to pages that were read.
    """
    return await _export(request, REACTIONS)


async def export_votes(request: Request) -> Response:
    """Return what each voter of a stream's polls chose, and what became of it.

    There are neither voters nor receipts in it. Pages go on as those of `export_reactions`. Within a poll the order is
    that of a hash of the voter, which says nothing; `from` and `to` go by the voter's first vote.
    """
    return await _export(request, VOTES)


async def _export(request: Request, table: Table) -> Response:
    require_broadcaster(request, "read")
    services, query = services_of(request), request.query_params
    stream = services.table.stream(request.path_params["stream"])
    wanted, form = _wanted(services, query, table, stream), _format(query)
    is_settled, version = _state(services, table, stream)
    headers = {
        **settled.headers(is_settled),
        "content-disposition": f'attachment; filename="{stream.stream_id}.{table.name}.{form.name}"',
    }
    if is_settled:
        tag = weak_etag_of(version, table.name, wanted, form.name)
        answer = conditional_response(request, b"", tag, form.media_type, headers)
        if answer.status_code == 304:
            return answer
        headers["etag"] = tag
    with ExitStack() as held:
        held.enter_context(services.exports.place())
        page = await services.exports.page(table, wanted)
        parts = services.exports.document(page, form)
        # What ClickHouse refuses at once is refused, and not broken off.
        first = await anext(parts, b"")
        headers |= {"x-content-type-options": "nosniff", "content-type": form.media_type}
        return _Document(_after(first, parts), headers | _next(services, request, page), held.pop_all())


async def _after(first: bytes, parts: AsyncGenerator[bytes, None]) -> AsyncGenerator[bytes, None]:
    async with aclosing(parts):
        yield first
        async for part in parts:
            yield part


def _wanted(services: Services, query: Mapping[str, str], table: Table, stream: Stream) -> Wanted:
    from_ms, to_ms = (number(query, name, 0, MAX_TIME_MS) for name in ("from", "to"))
    if from_ms is not None and to_ms is not None and to_ms <= from_ms:
        raise Refused(problems.REVERSED_SPAN, field="to")
    cursor = query.get("cursor")
    after = None if cursor is None else services.exports.cursors.open(table, stream.stream_id, cursor)
    return Wanted(stream.stream_id, from_ms, to_ms, after, number(query, "limit", 1, MAX_ROWS) or USUAL_ROWS)


def _format(query: Mapping[str, str]) -> Format:
    form = FORMATS.get(query.get("format", "csv"))
    if form is None:
        raise Refused(problems.INVALID_FIELD, f"`format` is one of {', '.join(FORMATS)}.", "format")
    return form


def _state(services: Services, table: Table, stream: Stream) -> tuple[bool, object]:
    """Return whether the rows do not change any more, and what they would change with."""
    is_settled = settled.is_settled(stream, services.clock())
    if table is REACTIONS:
        return is_settled, stream.revision
    polls = services.table.polls(stream.stream_id)
    is_settled = is_settled and all(poll.status in {"draft", "final", "cancelled"} for poll in polls)
    return is_settled, (stream.revision, [(poll.poll_id, poll.revision) for poll in polls])


def _next(services: Services, request: Request, page: Page) -> dict[str, str]:
    if page.until is None:
        return {}
    cursor = services.exports.cursors.seal(page.table, page.wanted.stream_id, page.until)
    query = {**request.query_params, "cursor": cursor}
    return {"next-cursor": cursor, "link": f'<{request.url.path}?{urlencode(query)}>; rel="next"'}


def _route(path: str, endpoint: Endpoint) -> LeanRoute:
    media_types = tuple(Rows if form.name == "json" else form.media_type for form in FORMATS.values())
    return LeanRoute(
        f"/v1/streams/{{stream}}/history/exports/{path}",
        endpoint,
        methods=["GET"],
        tags=["history"],
        openapi_extra=operation(
            caller="broadcaster",
            parameters=["stream"],
            takes=(FORMAT, SINCE, BEFORE, CURSOR, LIMIT),
            answers={200: media_types, 304: ""},
            gives={200: (NEXT_PAGE, NEXT_CURSOR, FILE_NAME)},
            refusals=(
                *BROADCASTER,
                problems.UNKNOWN_STREAM,
                problems.INVALID_FIELD,
                problems.REVERSED_SPAN,
                problems.HISTORY_UNREACHABLE,
                problems.HISTORY_LIMIT,
                problems.TOO_MUCH_WAITING,
            ),
        ),
    )


ROUTES = [_route("reactions", export_reactions), _route("votes", export_votes)]
