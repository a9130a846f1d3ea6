"""Ballots into ClickHouse, a batch of about a second at a time."""

from functools import lru_cache

import pandas as pd
import pyarrow as pa
from pyflink.table.udf import UserDefinedScalarFunctionWrapper

from contracts import tables
from contracts.choices import unpack
from jobs.settings import JobSettings
from jobs.sinks.clickhouse_client import MOMENT, InsertFunction
from jobs.sinks.function import sink_function


@lru_cache(maxsize=4096)
def chosen(bits: int) -> list[str]:
    """Return the ids of the options in `bits`; most ballots of a poll are alike."""
    return unpack(bits)


def by_region(received_in: pd.Series) -> pa.Array:
    """Return votes by region, which stand there as `eu=2,us=1`. Nearly all voters vote once, so few texts differ."""
    places, texts = pd.factorize(received_in)
    parts = ([part.partition("=") for part in text.split(",")] for text in texts)
    maps = [[(region, int(votes)) for region, _, votes in each] for each in parts]
    return pa.array(maps, pa.map_(pa.string(), pa.uint32())).take(pa.array(places))


def ballot_rows(
    stream_id: pd.Series,
    poll_id: pd.Series,
    voter: pd.Series,
    receipt: pd.Series,
    choices: pd.Series,
    playback_ms: pd.Series,
    first_voted_at: pd.Series,
    last_voted_at: pd.Series,
    received: pd.Series,
    replaced: pd.Series,
    duplicate: pd.Series,
    late: pd.Series,
    invalid: pd.Series,
    ineligible: pd.Series,
    received_in: pd.Series,
) -> pa.Table:
    """Return rows of `ballots`. Each attempt makes the next version.

    `playback_ms` is where in the video the vote that stands was cast, negative if its voter did not say.
    A voter without a ballot has a row without choices, whose outcome says why: the vote was withdrawn, or none taken.
    """
    bits = [int(value) for value in choices.fillna(0)]
    refused = choices.isna()
    outcome = pd.Series("counted", index=choices.index)
    outcome[choices == 0] = "withdrawn"
    outcome[refused] = "invalid"
    outcome[refused & (ineligible > 0)] = "ineligible"
    outcome[refused & (late > 0)] = "late"
    return pa.table(
        {
            "stream_id": pa.array(stream_id, pa.string()),
            "poll_id": pa.array(poll_id, pa.string()),
            "voter": pa.array(voter, pa.string()),
            "choices": pa.array([chosen(one) for one in bits], pa.list_(pa.string())),
            "first_voted_at": pa.array(first_voted_at, pa.int64()).cast(MOMENT),
            "last_voted_at": pa.array(last_voted_at, pa.int64()).cast(MOMENT),
            "attempts": pa.array(received, pa.uint32()),
            "outcome": pa.array(outcome, pa.string()),
            "receipt": pa.array(receipt.fillna(""), pa.string()),
            "playback_ms": pa.array(playback_ms.where(playback_ms >= 0), pa.uint32(), from_pandas=True),
            "replaced": pa.array(replaced, pa.uint32()),
            "duplicate": pa.array(duplicate, pa.uint32()),
            "late": pa.array(late, pa.uint32()),
            "invalid": pa.array(invalid, pa.uint32()),
            "ineligible": pa.array(ineligible, pa.uint32()),
            "attempts_in": by_region(received_in),
            "version": pa.array(received, pa.uint64()),
        }
    )


class BallotWriter(InsertFunction):
    """Vectorised function over the parameters of `ballot_rows`, true once ClickHouse has stored them."""

    def eval(self, stream_id: pd.Series, *columns: pd.Series) -> pd.Series:
        """Write one batch of rows."""
        self._client.insert(tables.BALLOTS, ballot_rows(stream_id, *columns))
        return pd.Series(True, index=stream_id.index)


def ballot_writer(settings: JobSettings) -> UserDefinedScalarFunctionWrapper:
    """Return the sink function of `poll_dedup --sink clickhouse`."""
    return sink_function(BallotWriter(settings))
