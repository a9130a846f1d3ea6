"""Asks the engine a query of `sql/queries`, as its users do: over HTTP, with parameters."""

import datetime as dt
import json
import urllib.parse
import urllib.request
from typing import Any

from tests.sql import crowd
from tests.sql.server import QUERIES, Server


def post(server: Server, parameters: dict[str, str], body: str) -> str:
    url = f"{server.url}/?{urllib.parse.urlencode(parameters)}"
    with urllib.request.urlopen(url, data=body.encode(), timeout=30) as answer:
        return str(answer.read().decode())


def rows(server: Server, name: str, **parameters: Any) -> list[dict[str, Any]]:
    """Return the rows that a query answers, with numbers as numbers."""
    given = {f"param_{key}": str(value) for key, value in parameters.items()}
    settings = {"default_format": "JSONEachRow", "output_format_json_quote_64bit_integers": "0"}
    answer = post(server, settings | given, (QUERIES / f"{name}.sql").read_text())
    return [json.loads(line) for line in answer.splitlines()]


def time(second: int, digits: str = "") -> str:
    """Return how ClickHouse writes a second of the made-up evening."""
    return (crowd.START + dt.timedelta(seconds=second)).strftime("%Y-%m-%d %H:%M:%S") + digits
