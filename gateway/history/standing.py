"""What the history says of one voter of a poll."""

from dataclasses import dataclass

from contracts.tables import DATABASE, VOTES_VIEW
from gateway.history.client import History

_QUERY = f"""
SELECT receipt, outcome, invalid > 0, toUnixTimestamp64Milli(last_voted_at)
FROM {DATABASE}.{VOTES_VIEW}
WHERE stream_id = {{stream_id:String}} AND poll_id = {{poll_id:String}} AND voter = {{voter:String}}
"""  # noqa: S608 - names of this project, and ClickHouse's own parameters


@dataclass(frozen=True, slots=True)
class Standing:
    """The voter's row. `receipt` is the ULID of the vote or withdrawal that stands, empty while none does."""

    receipt: str
    outcome: str
    has_invalid: bool
    last_voted_at: int


async def standing_of(history: History, stream_id: str, poll_id: str, voter: str) -> Standing | None:
    """Return how a voter stands; None while the history has not heard of it. Raises Refused as `History.rows`."""
    rows = await history.rows(_QUERY, {"stream_id": stream_id, "poll_id": poll_id, "voter": voter})
    if not rows:
        return None
    receipt, outcome, has_invalid, last_voted_at = rows[0]
    return Standing(receipt, outcome, bool(has_invalid), last_voted_at)
