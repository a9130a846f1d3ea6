"""The connection to ClickHouse that the operator's commands share."""

import logging
from typing import Any
from urllib.parse import urlsplit

import clickhouse_connect
from clickhouse_connect.driver.exceptions import ClickHouseError

from ovation.errors import OvationError

# What the client logs, with a stack trace, we say in a sentence.
logging.getLogger("clickhouse_connect").addHandler(logging.NullHandler())


def server_of(url: str) -> str:
    """Return the address as a message may show it: without a user and a password that may be in it."""
    address = urlsplit(url)
    return f"{address.scheme}://{address.netloc.rpartition('@')[2]}"


def connect(url: str, user: str, password: str, timeout_s: int = 300) -> Any:
    """Return a clickhouse-connect client that waits for an answer for so long.

    Raises OvationError when the server cannot be reached.
    """
    try:
        return clickhouse_connect.get_client(
            dsn=url,
            interface=urlsplit(url).scheme,  # which the client does not read from the address
            username=user,
            password=password,
            database="default",
            autogenerate_session_id=False,
            send_receive_timeout=timeout_s,
        )
    except (ClickHouseError, OSError) as error:
        reason = getattr(error.__cause__, "reason", None) or error
        raise OvationError(f"ClickHouse at {server_of(url)} cannot be reached: {reason}") from error
