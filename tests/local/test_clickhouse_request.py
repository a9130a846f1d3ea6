"""The bounds of a request's body."""

import gzip
from collections.abc import MutableMapping
from typing import Any

import pytest
from starlette.requests import Request

from local.clickhouse import request as module
from local.clickhouse.errors import QueryError
from local.clickhouse.statement import Statement


def request(parts: list[bytes], **headers: str) -> Request:
    """A POST whose body comes in `parts`."""
    waiting = list(parts)

    async def receive() -> MutableMapping[str, Any]:
        return {"type": "http.request", "body": waiting.pop(0), "more_body": bool(waiting)}

    raw = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return Request({"type": "http", "method": "POST", "query_string": b"", "headers": raw}, receive)


async def test_a_body_in_parts_is_one_statement() -> None:
    query = await module.read_query(request([b"SELECT", b" 1"]))
    assert query.statement == Statement(b"SELECT 1", None)


@pytest.mark.parametrize("parts", [[b"SELECT 1234"], [b"SELECT", b" 1234"]])
async def test_a_body_over_the_bound(monkeypatch: pytest.MonkeyPatch, parts: list[bytes]) -> None:
    monkeypatch.setattr(module, "MAX_BODY_BYTES", 10)
    with pytest.raises(QueryError, match="larger than 10 bytes") as refused:
        await module.read_query(request(parts))
    assert refused.value.status == 413


async def test_a_body_that_unpacks_over_the_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_BODY_BYTES", 100)
    packed = gzip.compress(b"SELECT 1" + b" " * 1000)
    assert len(packed) < 100
    with pytest.raises(QueryError, match="unpacks to more than 100 bytes"):
        await module.read_query(request([packed], content_encoding="gzip"))
