"""The engine: one data folder, a few threads, and a connection of its own for every query."""

import asyncio
import contextlib
import fcntl
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from chdb.session import Session

from local.clickhouse.errors import TOO_MANY_SIMULTANEOUS_QUERIES, QueryError
from local.clickhouse.statement import Insert, Statement

DEFAULT_SETTINGS = {"max_result_bytes": str(512 * 1024 * 1024), "result_overflow_mode": "throw"}
"""Set before what the request sets. A result is held in memory as a whole, so it has a bound."""

MAX_QUERIES = 100
"""Queries that run or wait, as a server's `max_concurrent_queries`."""
THREADS = 8
"""Queries that run at the same time. The engine spreads each over the cores by itself."""


class DataFolderError(Exception):
    """The data folder cannot be opened. The text is one sentence for whoever started the server."""


@dataclass(frozen=True, slots=True)
class Query:
    """One statement with everything that it runs under. Parameters are in ClickHouse's escaped text form."""

    statement: Statement | Insert
    database: str | None = None
    settings: Mapping[str, str] = field(default_factory=dict)
    parameters: Mapping[str, str] = field(default_factory=dict)
    output_format: str = "TabSeparated"
    read_only: bool = False


@dataclass(frozen=True, slots=True)
class Result:
    """What a query answered, and what it cost."""

    body: bytes = b""
    read_rows: int = 0
    read_bytes: int = 0
    written_rows: int = 0
    written_bytes: int = 0
    elapsed_s: float = 0.0


class Engine:
    """Owns `data_dir` from construction to `close`. Raises DataFolderError if that cannot be."""

    def __init__(self, data_dir: Path) -> None:
        _check_free(data_dir)
        self._path = str(data_dir)
        try:
            # The engine lives as long as one connection to it does: this one.
            self._keeper = Session(self._path)
        except RuntimeError as error:
            reason = str(error).partition(", Stack trace")[0]
            raise DataFolderError(f"The ClickHouse engine cannot open the data folder {data_dir}: {reason}") from error
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="query")
        self._queries = 0
        self.version, self.timezone, self.host = self._keeper.query(
            "SELECT version(), timezone(), hostName()", "TabSeparated"
        ).bytes().decode().rstrip("\n").split("\t")  # fmt: skip
        formats = self._keeper.query("SELECT name, content_type FROM system.formats", "TabSeparated").bytes().decode()
        self.content_types = dict(line.split("\t") for line in formats.splitlines())

    async def run(self, query: Query) -> Result:
        """Run a query off the event loop. Raises QueryError."""
        if self._queries >= MAX_QUERIES:
            raise QueryError(TOO_MANY_SIMULTANEOUS_QUERIES, f"Too many simultaneous queries. Maximum: {MAX_QUERIES}.")
        self._queries += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, self._run, query)
        finally:
            self._queries -= 1

    def close(self) -> None:
        """Cancel what still runs, wait for it to end, and give the folder back."""
        with contextlib.suppress(RuntimeError):
            self._keeper.query("KILL QUERY WHERE query_id != queryID() ASYNC")
        self._threads.shutdown(cancel_futures=True)
        self._keeper.close()

    def _run(self, query: Query) -> Result:
        session = Session(self._path)
        try:
            _prepare(session, query)
            if isinstance(query.statement, Insert):
                return _insert(session, query.statement)
            answer = session.query(query.statement.sql, query.output_format)
            return Result(
                body=answer.bytes(),
                read_rows=answer.storage_rows_read(),
                read_bytes=answer.storage_bytes_read(),
                written_rows=answer.rows_written(),
                written_bytes=answer.bytes_written(),
                elapsed_s=answer.elapsed(),
            )
        except (RuntimeError, UnicodeDecodeError) as error:
            raise QueryError.from_engine(error) from error
        finally:
            session.close()


def _prepare(session: Session, query: Query) -> None:
    if query.database:
        name = query.database.replace("\\", "\\\\").replace("`", "\\`")
        session.query(f"USE `{name}`")
    assignments = DEFAULT_SETTINGS | dict(query.settings)
    assignments |= {f"param_{name}": value for name, value in query.parameters.items()}
    if query.read_only:
        assignments.setdefault("readonly", "2")
    # `readonly` forbids every SET after it.
    ordered = sorted(assignments.items(), key=lambda item: item[0] == "readonly")
    session.query("SET " + ", ".join(f"{name} = {_quote(value)}" for name, value in ordered))


def _insert(session: Session, insert: Insert) -> Result:
    with session.send_insert(insert.sql, insert.input_format) as rows:
        if insert.data:
            rows.append(insert.data)
        done = rows.finish()
    return Result(written_rows=done.rows_written, written_bytes=done.bytes_written, elapsed_s=done.elapsed)


def _quote(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def _check_free(data_dir: Path) -> None:
    """Ask for the engine's own lock first: the engine reports a taken one in several lines, not all of them to us."""
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
        with (data_dir / "status").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise DataFolderError(f"The data folder {data_dir} is in use: another process owns it.") from error
    except OSError as error:
        raise DataFolderError(f"The data folder {data_dir} cannot be written: {error.strerror}.") from error
