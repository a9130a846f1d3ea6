"""What ClickHouse holds of a stream, read through the views that are always right to read."""

from typing import Any

from contracts.tables import (
    DATABASE,
    POLL_RESULTS_VIEW,
    REACTIONS_BY_HOUR_VIEW,
    REACTIONS_BY_MINUTE_VIEW,
    REACTIONS_VIEW,
    VOTES_VIEW,
)
from ovation.verify.numbers import POLL_FIELDS, Account, InWindow, Key, Span, Total, poll_numbers

NAME = "history"
ROLL_UPS = {"history by minute": REACTIONS_BY_MINUTE_VIEW, "history by hour": REACTIONS_BY_HOUR_VIEW}

# Only names of contracts.tables are put into these texts; the stream is a parameter.
_WINDOWS = f"""
SELECT toUnixTimestamp64Milli(window_start) AS start, emoji, sum(reactions) AS taps
FROM {DATABASE}.{REACTIONS_VIEW}
WHERE stream_id = {{stream_id:String}}
GROUP BY start, emoji
"""  # noqa: S608

_ROLLED_UP = f"""
SELECT emoji, sum(reactions) AS taps FROM {DATABASE}.{{view}} WHERE stream_id = {{{{stream_id:String}}}} GROUP BY emoji
"""  # noqa: S608

_OPTIONS = f"""
SELECT poll_id, option_id, votes
FROM {DATABASE}.{POLL_RESULTS_VIEW}
WHERE stream_id = {{stream_id:String}}
"""  # noqa: S608

_VOTES = f"""
SELECT
    poll_id, countIf(outcome = 'counted') AS voters, sum(attempts) AS received,
    sum(replaced), countIf(outcome = 'withdrawn'), sum(duplicate), sum(late), sum(invalid), sum(ineligible)
FROM {DATABASE}.{VOTES_VIEW}
WHERE stream_id = {{stream_id:String}}
GROUP BY poll_id
"""  # noqa: S608


def read(client: Any, stream_id: str) -> Account:
    """Return the account of a stream from a clickhouse-connect client, which raises ClickHouseError."""
    parameters = {"stream_id": stream_id}
    numbers: dict[Key, Span] = {}
    totals: dict[str, int] = {}
    for start, emoji, taps in client.query(_WINDOWS, parameters=parameters).result_rows:
        numbers[InWindow(start, emoji)] = Span.exactly(taps)
        totals[emoji] = totals.get(emoji, 0) + taps
    numbers.update((Total(emoji), Span.exactly(total)) for emoji, total in totals.items())
    votes: dict[str, dict[str, int]] = {}
    for poll_id, option_id, number in client.query(_OPTIONS, parameters=parameters).result_rows:
        votes.setdefault(poll_id, {})[option_id] = number
    tallies = {
        row[0]: dict(zip(POLL_FIELDS, row[1:], strict=True))
        for row in client.query(_VOTES, parameters=parameters).result_rows
    }
    for poll_id in votes.keys() | tallies.keys():
        numbers.update(poll_numbers(poll_id, votes.get(poll_id, {}), tallies.get(poll_id, {})))
    return Account(NAME, numbers, windows=None)


def read_roll_ups(client: Any, stream_id: str) -> list[Account]:
    """Return what the sums by minute and by hour come to. Raises as `read`."""
    return [_totals(client, stream_id, name, view) for name, view in ROLL_UPS.items()]


def _totals(client: Any, stream_id: str, name: str, view: str) -> Account:
    rows = client.query(_ROLLED_UP.format(view=view), parameters={"stream_id": stream_id}).result_rows
    numbers: dict[Key, Span] = {Total(emoji): Span.exactly(taps) for emoji, taps in rows}
    return Account(name, numbers, polls=frozenset())
