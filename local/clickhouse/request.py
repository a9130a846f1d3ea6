"""Reads a query out of an HTTP request, as ClickHouse's HTTP interface lays it out."""

import asyncio
import re
from collections.abc import Mapping
from email import policy
from email.parser import BytesParser

from starlette.requests import Request

from local.clickhouse.encodings import decompress
from local.clickhouse.errors import BAD_ARGUMENTS, NOT_IMPLEMENTED, QUERY_IS_TOO_LARGE, UNKNOWN_SETTING, QueryError
from local.clickhouse.query import Query
from local.clickhouse.statement import read_statement
from local.clickhouse.users import READER, user_of

MAX_BODY_BYTES = 256 * 1024 * 1024
"""Bound of a body, as sent and unpacked."""

# Query parameters that speak to a server's HTTP handler, and are no settings.
_HANDLER_PARAMETERS = frozenset(
    (
        *("query", "database", "default_format", "query_id", "user", "password", "quota_key", "role"),
        *("session_id", "session_check", "session_timeout", "close_session"),
        *("compress", "decompress", "buffer_size", "wait_end_of_query", "stacktrace", "client_protocol_version"),
    )
)
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


async def read_query(request: Request) -> Query:
    """Return the query of `request`.

    The statement is the parameter `query` followed by the body. Raises QueryError for a body that is too large or
    damaged, a name that no setting can have, and what this server does not support.
    """
    body = await _read_body(request)
    fields: dict[str, bytes] = {}
    if request.headers.get("content-type", "").startswith("multipart/form-data"):
        fields, body = _read_form(request.headers["content-type"], body), b""
    given = dict(request.query_params)
    for flag in ("compress", "decompress"):
        if given.get(flag, "0") not in ("0", "false"):
            raise QueryError(NOT_IMPLEMENTED, f"{flag}=1 is not supported by this engine: use HTTP compression.")
    text = given.get("query", "").encode() + fields.pop("query", b"")
    given |= {name: value.decode(errors="replace") for name, value in fields.items()}
    parameters = {name[6:]: value for name, value in given.items() if name.startswith("param_")}
    settings = {
        name: value
        for name, value in given.items()
        if name not in _HANDLER_PARAMETERS and not name.startswith("param_")
    }
    _check_names(settings, parameters)
    return Query(
        statement=read_statement(text + b"\n" + body if text and body else text or body),
        database=given.get("database") or request.headers.get("x-clickhouse-database"),
        settings=settings,
        parameters=parameters,
        output_format=given.get("default_format") or request.headers.get("x-clickhouse-format") or "TabSeparated",
        read_only=request.method == "GET" or user_of(request.headers, given) == READER,
        is_whole=given.get("wait_end_of_query", "0") not in ("0", "false"),
    )


async def _read_body(request: Request) -> bytes:
    parts = []
    size = 0
    async for part in request.stream():
        size += len(part)
        if size > MAX_BODY_BYTES:
            raise QueryError(QUERY_IS_TOO_LARGE, f"The body is larger than {MAX_BODY_BYTES} bytes.")
        parts.append(part)
    body = b"".join(parts)
    encoding = request.headers.get("content-encoding", "").lower()
    return await asyncio.to_thread(decompress, body, encoding, MAX_BODY_BYTES) if encoding and body else body


def _read_form(content_type: str, body: bytes) -> dict[str, bytes]:
    """Return the fields of a multipart form, which clients send when parameters are too long for the address."""
    head = f"Content-Type: {content_type}\r\n\r\n".encode()
    message = BytesParser(policy=policy.HTTP).parsebytes(head + body)
    fields: dict[str, bytes] = {}
    for part in message.iter_parts() if message.is_multipart() else ():
        name = part.get_param("name", header="content-disposition")
        if part.get_filename() is not None:
            raise QueryError(NOT_IMPLEMENTED, "External tables are not supported by this engine.")
        content = part.get_payload(decode=True)
        if isinstance(name, str) and isinstance(content, bytes):
            fields[name] = content
    return fields


def _check_names(settings: Mapping[str, str], parameters: Mapping[str, str]) -> None:
    for name in settings:
        if not _NAME.fullmatch(name):
            raise QueryError(UNKNOWN_SETTING, f"Unknown setting {name!r}.")
    for name in parameters:
        if not _NAME.fullmatch(name):
            raise QueryError(BAD_ARGUMENTS, f"No query parameter can have the name {name!r}.")
