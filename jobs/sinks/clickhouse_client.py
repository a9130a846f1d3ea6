"""ClickHouse for the sinks: one synchronous insert per batch, written again until taken."""

from typing import Any
from urllib.parse import urlsplit

import clickhouse_connect
import pyarrow as pa
from clickhouse_connect.driver.exceptions import DatabaseError, OperationalError
from pyflink.table.udf import FunctionContext, ScalarFunction

from contracts.tables import DATABASE
from jobs.settings import JobSettings
from jobs.sinks.retry import until_written

TRANSIENT: tuple[type[Exception], ...] = (OperationalError, ConnectionError, TimeoutError)

OVERLOADED = {
    159: "TIMEOUT_EXCEEDED",
    202: "TOO_MANY_SIMULTANEOUS_QUERIES",
    209: "SOCKET_TIMEOUT",
    210: "NETWORK_ERROR",
    241: "MEMORY_LIMIT_EXCEEDED",
    242: "TABLE_IS_READ_ONLY",
    243: "NOT_ENOUGH_SPACE",
    252: "TOO_MANY_PARTS",
    285: "TOO_FEW_LIVE_REPLICAS",
    319: "UNKNOWN_STATUS_OF_INSERT",
    439: "CANNOT_SCHEDULE_TASK",
    999: "KEEPER_EXCEPTION",
}
"""Errors by which a server that is up puts a write off; `TABLE_IS_READ_ONLY` is a replica without its Keeper."""

TIMEOUT_S = 60
"""How long an insert may take to be answered. Later it is written again, though it may have been stored."""

MOMENT = pa.timestamp("ms", tz="UTC")
"""Arrow type of a time; an integer of milliseconds would be taken for seconds."""

SETTINGS = {"async_insert": 0, "wait_end_of_query": 1, "distributed_foreground_insert": 1}
"""An answered insert is stored, on a cluster by its shard: nothing waits in a buffer that a crash would empty."""


class InsertClient:
    """Inserts Arrow tables. Rows are versioned, so a batch written twice reads as one."""

    def __init__(self, settings: JobSettings) -> None:
        """Connect when first used."""
        self._settings = settings
        self._client: Any = None

    def insert(self, table: str, rows: pa.Table) -> None:
        """Insert `rows` into `table` and return when ClickHouse has stored them."""
        if rows.num_rows:
            until_written(lambda: self._send(table, rows), TRANSIENT, "ClickHouse")

    def _send(self, table: str, rows: pa.Table) -> None:
        if self._client is None:
            self._client = clickhouse_connect.get_client(
                dsn=self._settings.clickhouse_url,
                interface=urlsplit(
                    self._settings.clickhouse_url
                ).scheme,  # which the client does not read from the address
                username=self._settings.clickhouse_user,
                password=self._settings.clickhouse_password.get_secret_value(),
                autogenerate_session_id=False,
                connect_timeout=5,
                send_receive_timeout=TIMEOUT_S,
            )
        try:
            self._client.insert_arrow(table, rows, database=DATABASE, settings=SETTINGS)
        except DatabaseError as error:
            if error.code in OVERLOADED:
                raise OperationalError(OVERLOADED[error.code]) from error
            raise

    def close(self) -> None:
        """Close the connection."""
        if self._client is not None:
            self._client.close()


class InsertFunction(ScalarFunction):  # type: ignore[misc]
    """A sink function that inserts into ClickHouse; it connects in the worker."""

    def __init__(self, settings: JobSettings) -> None:
        """Write to the ClickHouse of `settings`."""
        self._settings = settings

    def open(self, function_context: FunctionContext) -> None:
        """Connect."""
        self._client = InsertClient(self._settings)

    def close(self) -> None:
        """Disconnect."""
        self._client.close()
