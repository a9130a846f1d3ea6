"""The engine: one data folder, a few threads, and a connection of its own for every query."""

import asyncio
import contextlib
import fcntl
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any

from chdb.session import Session

from local.clickhouse.answer import Answer
from local.clickhouse.errors import READONLY, TOO_MANY_SIMULTANEOUS_QUERIES, QueryError
from local.clickhouse.query import Query, Result
from local.clickhouse.statement import Insert, Statement

DEFAULT_SETTINGS = {"max_result_bytes": str(512 * 1024 * 1024), "result_overflow_mode": "throw"}
"""Set before what the request sets, where a result is held in memory as a whole: then it has a bound."""

MAX_QUERIES = 100
"""Queries that run or wait, as a server's `max_concurrent_queries`."""
THREADS = 8
"""Writes that run at the same time, and other queries. The engine spreads each over the cores by itself."""
NO_ROWS = b" FORMAT JSONEachRow []"
SELECT_THREADS = 24
"""SELECTs that run at the same time. One whose answer is taken slowly holds up no write."""


class DataFolderError(Exception):
    """The data folder cannot be opened. The text is one sentence for whoever started the server."""


class Engine:
    """Owns `data_dir` from construction to `close`. Raises DataFolderError if that cannot be.

    `config` is a file as a server has it, such as one that names clusters.
    """

    def __init__(self, data_dir: Path, config: Path | None = None) -> None:
        _check_free(data_dir)
        self._path = str(data_dir) if config is None else f"{data_dir}?config-file={config}"
        try:
            # The engine lives as long as one connection to it does: this one.
            self._keeper = Session(self._path)
        except RuntimeError as error:
            reason = str(error).partition(", Stack trace")[0]
            raise DataFolderError(f"The ClickHouse engine cannot open the data folder {data_dir}: {reason}") from error
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="query")
        self._select_threads = ThreadPoolExecutor(SELECT_THREADS, thread_name_prefix="select")
        self._room = BoundedSemaphore(MAX_QUERIES)
        self.version, self.timezone, self.host = self._keeper.query(
            "SELECT version(), timezone(), hostName()", "TabSeparated"
        ).bytes().decode().rstrip("\n").split("\t")  # fmt: skip
        formats = self._keeper.query("SELECT name, content_type FROM system.formats", "TabSeparated").bytes().decode()
        self.content_types = dict(line.split("\t") for line in formats.splitlines())

    async def run(self, query: Query) -> Result:
        """Run a query off the event loop, and hold its answer as a whole. Raises QueryError."""
        return await asyncio.wrap_future(self._begin(self._threads, query))

    def select(self, query: Query) -> Answer | None:
        """Begin a SELECT whose answer can be taken part by part; None for what `run` must answer. Raises QueryError."""
        statement = query.statement
        if isinstance(statement, Insert) or statement.destination is None:
            return None
        if (statement.output_format or query.output_format) not in self.content_types:
            return None
        return Answer(lambda path: self._begin(self._select_threads, query, path), self._cancel)

    def _begin(self, threads: ThreadPoolExecutor, query: Query, path: str | None = None) -> Future[Result]:
        if not self._room.acquire(blocking=False):
            raise QueryError(TOO_MANY_SIMULTANEOUS_QUERIES, f"Too many simultaneous queries. Maximum: {MAX_QUERIES}.")
        future = threads.submit(self._run, query, path)
        future.add_done_callback(lambda _: self._room.release())
        return future

    async def _cancel(self, path: str) -> None:
        """End the query that writes to a file."""
        sql = f"KILL QUERY WHERE position(query, {_quote(_into(path))}) > 0 AND query_id != queryID() ASYNC"
        with contextlib.suppress(RuntimeError):  # whoever closes the engine ends all queries
            await asyncio.get_running_loop().run_in_executor(self._threads, self._end, sql)

    def close(self) -> None:
        """Cancel what still runs, wait for it to end, and give the folder back."""
        self._end("KILL QUERY WHERE query_id != queryID() ASYNC")
        self._threads.shutdown(cancel_futures=True)
        self._select_threads.shutdown(cancel_futures=True)
        self._keeper.close()

    def _end(self, sql: str) -> None:
        session = Session(self._path)
        with contextlib.suppress(RuntimeError):
            session.query(sql)
        session.close()

    def _run(self, query: Query, path: str | None) -> Result:
        session = Session(self._path)
        try:
            _prepare(session, query, is_held=path is None or query.is_whole)
            if isinstance(query.statement, Insert):
                return _insert(session, query.statement)
            sql = query.statement.sql if path is None else _with_destination(query, path)
            answer = session.query(sql, query.output_format)
            return _result(answer)
        except (RuntimeError, UnicodeDecodeError) as error:
            raise QueryError.from_engine(error) from error
        finally:
            session.close()


def _with_destination(query: Query, path: str) -> bytes:
    """Return a SELECT whose answer goes to a file. The engine's own format is not asked for files."""
    statement = query.statement
    assert isinstance(statement, Statement)
    at = statement.destination
    form = b"" if statement.output_format else f" FORMAT {query.output_format}".encode()
    return statement.sql[:at] + f"\n{_into(path)} TRUNCATE".encode() + form + b" " + statement.sql[at:]


def _into(path: str) -> str:
    return f"INTO OUTFILE '{path}'"


def _result(answer: Any) -> Result:
    return Result(
        body=answer.bytes(),
        read_rows=answer.storage_rows_read(),
        read_bytes=answer.storage_bytes_read(),
        written_rows=answer.rows_written(),
        written_bytes=answer.bytes_written(),
        elapsed_s=answer.elapsed(),
    )


def _prepare(session: Session, query: Query, is_held: bool) -> None:
    if query.read_only and (isinstance(query.statement, Insert) or not query.statement.reads):
        # The engine alone would let a reader write files, and end queries.
        raise QueryError(READONLY, "Cannot execute query in readonly mode.")
    if query.database:
        name = query.database.replace("\\", "\\\\").replace("`", "\\`")
        session.query(f"USE `{name}`")
    assignments = (DEFAULT_SETTINGS if is_held else {}) | dict(query.settings)
    assignments |= {f"param_{name}": value for name, value in query.parameters.items()}
    if query.read_only and assignments.get("readonly") != "1":
        assignments["readonly"] = "2"
    if not assignments:
        return
    # `readonly` forbids every SET after it.
    ordered = sorted(assignments.items(), key=lambda item: item[0] == "readonly")
    session.query("SET " + ", ".join(f"{name} = {_quote(value)}" for name, value in ordered))


def _insert(session: Session, insert: Insert) -> Result:
    done = _send(session, insert)
    if insert.data and not done.written_rows:
        # What a table refuses before it has seen a row, as it does with too many parts, the binding tells as an INSERT
        # of no rows. As a statement it is refused aloud; and if it is taken now, so are the rows.
        session.query(insert.sql + NO_ROWS)
        done = _send(session, insert)
    return done


def _send(session: Session, insert: Insert) -> Result:
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
