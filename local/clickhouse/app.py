"""The HTTP interface: routes, headers and statuses as a ClickHouse server gives them."""

import asyncio
import json
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from local.clickhouse.encodings import choose, compress
from local.clickhouse.engine import Engine
from local.clickhouse.errors import ACCESS_DENIED, QueryError
from local.clickhouse.long_answer import LongAnswer
from local.clickhouse.query import Query, Result
from local.clickhouse.request import read_query
from local.clickhouse.statement import Statement

HELD_BYTES = 1024 * 1024
"""As much of an answer waits for the query's end: what fails before has a status of its own, and most is not longer."""


def create_app(engine: Engine) -> Starlette:
    """Return the application that serves `engine`, and closes it when it ends."""

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        yield
        await asyncio.to_thread(engine.close)

    async def ping(_: Request) -> Response:
        return PlainTextResponse("Ok.\n")

    async def query(request: Request) -> Response:
        return await _answer(engine, request)

    return Starlette(
        routes=[
            Route("/", query, methods=["GET", "POST"]),
            Route("/ping", ping),
            Route("/replicas_status", ping),
        ],
        lifespan=lifespan,
    )


async def _answer(engine: Engine, request: Request) -> Response:
    query_id = request.query_params.get("query_id") or str(uuid.uuid4())
    headers = {
        "X-ClickHouse-Server-Display-Name": engine.host,
        "X-ClickHouse-Query-Id": query_id if query_id.isascii() and query_id.isprintable() else str(uuid.uuid4()),
        "X-ClickHouse-Timezone": engine.timezone,
    }
    try:
        _refuse_foreign_pages(request)
        if request.method == "GET" and "query" not in request.query_params:
            return PlainTextResponse("Ok.\n", headers=headers)
        query = await read_query(request)
        result: Result | None
        answer = engine.select(query)
        if answer is None:
            result = await engine.run(query)
            body = result.body
        else:
            body, result = await answer.start(None if query.is_whole else HELD_BYTES)
    except QueryError as error:
        text = error.text if "(version " in error.text else f"{error.text} (version {engine.version} (official build))"
        headers["X-ClickHouse-Exception-Code"] = str(error.code)
        return PlainTextResponse(text + "\n", status_code=error.status, headers=headers)
    except ClientDisconnect:
        return Response(status_code=400)
    output_format = _output_format(engine, query)
    headers |= {"X-ClickHouse-Format": output_format, "Content-Type": engine.content_types[output_format]}
    if query.settings.get("session_timezone"):
        headers["X-ClickHouse-Timezone"] = query.settings["session_timezone"]
    if answer is not None and result is None:
        return LongAnswer(body, answer, headers)
    assert result is not None
    headers["X-ClickHouse-Summary"] = _summary(result, len(body))
    encoding = choose(request.headers.get("accept-encoding", ""))
    if encoding and body and query.settings.get("enable_http_compression", "0") not in ("0", "false"):
        headers["Content-Encoding"] = encoding
        body = await asyncio.to_thread(compress, body, encoding)
    return Response(body, headers=headers)


def _output_format(engine: Engine, query: Query) -> str:
    """Return the format of the answer; where nothing was written in it, it need not exist."""
    named = query.statement.output_format if isinstance(query.statement, Statement) else None
    output_format = named or query.output_format
    return output_format if output_format in engine.content_types else "TabSeparated"


def _summary(result: Result, size: int) -> str:
    """Return the counters as a server writes them: JSON with every number as text."""
    numbers = {
        "read_rows": result.read_rows,
        "read_bytes": result.read_bytes,
        "written_rows": result.written_rows,
        "written_bytes": result.written_bytes,
        "result_bytes": size,
        "elapsed_ns": int(result.elapsed_s * 1e9),
    }
    return json.dumps({name: str(number) for name, number in numbers.items()}, separators=(",", ":"))


def _refuse_foreign_pages(request: Request) -> None:
    """Refuse a browser that was sent here by another site's page: there are no users, and the engine can read files."""
    origin = request.headers.get("origin")
    if origin is not None and urlsplit(origin).netloc != request.headers.get("host"):
        raise QueryError(ACCESS_DENIED, "Requests of web pages from elsewhere are refused.")
