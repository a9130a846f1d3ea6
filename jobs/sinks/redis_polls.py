"""Tallies into Redis: one script call for each poll of a batch."""

import time
from collections import defaultdict
from collections.abc import Iterable, Sequence

import pandas as pd
from pyflink.table.udf import UserDefinedScalarFunctionWrapper

from contracts.picture.tally import SCRIPT, script_call, tally
from jobs.settings import JobSettings
from jobs.sinks.function import sink_function
from jobs.sinks.redis_client import ScriptFunction

Row = tuple[str, str, int, int, tuple[int, ...], Sequence[int], str]
"""Stream id, poll id, how many options, bucket, the numbers of the bucket beginning with votes received, votes, and the
votes received by region (`eu=2,us=1`)."""

Buckets = dict[int, tuple[int, str]]
"""The newest tally of each bucket of a poll, behind its version, which is the votes received in it."""


def gather(rows: Iterable[Row]) -> dict[tuple[str, str], Buckets]:
    """Return the newest tally of each bucket, by stream and poll, in the form that `tally.lua` keeps."""
    polls: dict[tuple[str, str], Buckets] = defaultdict(dict)
    for stream_id, poll_id, options, bucket, numbers, votes, received_in in rows:
        buckets = polls[stream_id, poll_id]
        received = numbers[0]
        if received >= buckets.get(bucket, (0, ""))[0]:
            buckets[bucket] = (received, tally(received_in, numbers, votes[:options]))
    return polls


class TallyWriter(ScriptFunction):
    """Vectorised function over the columns of `tallies`, true once Redis has the rows."""

    def __init__(self, settings: JobSettings) -> None:
        """Write to the Redis of `settings`."""
        super().__init__(settings, SCRIPT)

    def eval(
        self,
        stream_id: pd.Series,
        poll_id: pd.Series,
        options: pd.Series,
        bucket: pd.Series,
        received: pd.Series,
        voters: pd.Series,
        replaced: pd.Series,
        withdrawn: pd.Series,
        duplicate: pd.Series,
        late: pd.Series,
        invalid: pd.Series,
        ineligible: pd.Series,
        votes: pd.Series,
        received_in: pd.Series,
    ) -> pd.Series:
        """Write one batch of rows."""
        counts = (received, voters, replaced, withdrawn, duplicate, late, invalid, ineligible)
        numbers = zip(*(column.to_list() for column in counts), strict=True)
        names = (column.to_list() for column in (stream_id, poll_id, options, bucket))
        polls = gather(zip(*names, numbers, votes, received_in, strict=True))
        now_ms = time.time_ns() // 1_000_000
        self._client.run(
            [
                script_call(stream, poll, {bucket: text for bucket, (_, text) in buckets.items()}, now_ms)
                for (stream, poll), buckets in polls.items()
            ]
        )
        return pd.Series(True, index=stream_id.index)


def tally_writer(settings: JobSettings) -> UserDefinedScalarFunctionWrapper:
    """Return the sink function of `poll_dedup --sink redis`."""
    return sink_function(TallyWriter(settings))
