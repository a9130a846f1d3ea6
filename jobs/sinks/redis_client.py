"""A Redis connection for the sinks: scripts by their hash, many in one round trip, written again until taken."""

from collections.abc import Sequence
from typing import Any

from pyflink.table.udf import FunctionContext, ScalarFunction
from redis.exceptions import (
    AskError,
    BusyLoadingError,
    ClusterDownError,
    ConnectionError,
    MovedError,
    NoScriptError,
    ReadOnlyError,
    TimeoutError,
    TryAgainError,
)

from contracts.picture import Call, script
from contracts.redis_cluster.sync import connect
from contracts.redis_cluster.urls import is_cluster
from jobs.settings import JobSettings
from jobs.sinks.retry import until_written

TRANSIENT: tuple[type[Exception], ...] = (
    ConnectionError,
    TimeoutError,
    BusyLoadingError,
    ReadOnlyError,
    # Of a cluster: a slot moves, or its master is lost and another one not yet there.
    MovedError,
    AskError,
    TryAgainError,
    ClusterDownError,
)


class ScriptClient:
    """Runs one Lua script for many streams at once."""

    def __init__(self, url: str, name: str) -> None:
        """Connect to `url` when first used, for the script with this name (contracts.picture)."""
        self._source = script(name, sharded=is_cluster(url))
        self._redis = connect(url, timeout_s=5, connect_timeout_s=2)
        self._sha = ""

    def run(self, calls: Sequence[Call]) -> None:
        """Run the script once for each of `calls`, in one pipeline, and return when Redis has answered all of them.

        Of a cluster every master is asked once, all at the same time; while one is away, all wait for it.
        A script is atomic by itself; the pipeline is not, and need not be.
        """
        until_written(lambda: self._send(calls), TRANSIENT, "Redis")

    def _send(self, calls: Sequence[Call]) -> None:
        try:
            self._pipeline(calls)
        except NoScriptError:
            # A new or emptied Redis, or another master. Every call is idempotent, so all of them may run again.
            self._sha = ""
            self._pipeline(calls)

    def _pipeline(self, calls: Sequence[Call]) -> None:
        if not self._sha:
            self._sha = str(self._redis.script_load(self._source))
        pipeline: Any = self._redis.pipeline(transaction=False)
        for keys, arguments in calls:
            pipeline.evalsha(self._sha, len(keys), *keys, *arguments)
        pipeline.execute()

    def close(self) -> None:
        """Close the connection."""
        self._redis.close()


class ScriptFunction(ScalarFunction):  # type: ignore[misc]
    """A sink function that writes through one Lua script; it connects in the worker."""

    def __init__(self, settings: JobSettings, name: str) -> None:
        """Write to the Redis of `settings` through the script with this name (contracts.picture)."""
        self._settings = settings
        self._name = name

    def open(self, function_context: FunctionContext) -> None:
        """Connect."""
        self._client = ScriptClient(self._settings.redis_url.get_secret_value(), self._name)

    def close(self) -> None:
        """Disconnect."""
        self._client.close()
