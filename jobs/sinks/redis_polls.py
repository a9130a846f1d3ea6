"""Tallies into Redis: one script call for each poll of a batch."""

import time
from collections.abc import Sequence

import pandas as pd
from pyflink.table import DataTypes
from pyflink.table.udf import FunctionContext, ScalarFunction, UserDefinedScalarFunctionWrapper, udf

from contracts import redis_keys
from jobs.settings import JobSettings
from jobs.sinks.redis_client import Call, ScriptClient


def script_call(
    stream_id: str, poll_id: str, options: int, version: int, votes: Sequence[int], totals: Sequence[int], now_ms: int
) -> Call:
    """Return keys and arguments of `tally.lua`; `totals` are voters, received, replaced, duplicate, late, invalid."""
    keys = [redis_keys.poll(stream_id, poll_id), redis_keys.live(stream_id)]
    return keys, [stream_id, poll_id, now_ms, version, redis_keys.STREAM_TTL_S, options, *votes[:options], *totals]


class TallyWriter(ScalarFunction):  # type: ignore[misc]
    """Vectorised function over the columns of `tallies`, true once Redis has the rows."""

    def __init__(self, url: str) -> None:
        """Write to the Redis at `url`."""
        self._url = url

    def open(self, function_context: FunctionContext) -> None:
        """Connect, in the worker."""
        self._client = ScriptClient(self._url, "tally.lua")

    def close(self) -> None:
        """Disconnect."""
        self._client.close()

    def eval(
        self,
        stream_id: pd.Series,
        poll_id: pd.Series,
        options: pd.Series,
        voters: pd.Series,
        received: pd.Series,
        replaced: pd.Series,
        duplicate: pd.Series,
        late: pd.Series,
        invalid: pd.Series,
        votes: pd.Series,
    ) -> pd.Series:
        """Write one batch of rows, each poll's newest only."""
        now_ms = time.time_ns() // 1_000_000
        newest: dict[tuple[str, str], tuple[int, Call]] = {}
        totals = zip(voters, received, replaced, duplicate, late, invalid, strict=True)
        for stream, poll, width, counts, row in zip(stream_id, poll_id, options, votes, totals, strict=True):
            numbers = [int(number) for number in row]
            version = numbers[1]
            standing = newest.get((stream, poll))
            if standing is None or version >= standing[0]:
                by_option = [0 if pd.isna(n) else int(n) for n in counts]
                newest[stream, poll] = (
                    version,
                    script_call(stream, poll, int(width), version, by_option, numbers, now_ms),
                )
        self._client.run([call for _, call in newest.values()])
        return pd.Series(True, index=stream_id.index)


def tally_writer(settings: JobSettings) -> UserDefinedScalarFunctionWrapper:
    """Return the sink function of `poll_dedup --sink redis`."""
    return udf(TallyWriter(settings.redis_url.get_secret_value()), result_type=DataTypes.BOOLEAN(), func_type="pandas")
