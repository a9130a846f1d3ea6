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
from ovation.verify.gone import NOTHING_GONE, Gone
from ovation.verify.numbers import POLL_FIELDS, Account, InWindow, Key, Span, Total, poll_numbers

NAME = "history"

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


def read(client: Any, stream_id: str, gone: Gone = NOTHING_GONE) -> Account:
    """Return the account of a stream from a clickhouse-connect client, which raises ClickHouseError.

    Where windows are gone, it says nothing of them, and its totals are those of the hours.
    """
    parameters = {"stream_id": stream_id}
    numbers = _totals(client, stream_id, REACTIONS_BY_HOUR_VIEW) if gone.windows else _by_window(client, stream_id)
    votes: dict[str, dict[str, int]] = {}
    for poll_id, option_id, number in client.query(_OPTIONS, parameters=parameters).result_rows:
        votes.setdefault(poll_id, {})[option_id] = number
    tallies = {
        row[0]: dict(zip(POLL_FIELDS, row[1:], strict=True))
        for row in client.query(_VOTES, parameters=parameters).result_rows
    }
    for poll_id in votes.keys() | tallies.keys():
        numbers.update(poll_numbers(poll_id, votes.get(poll_id, {}), tallies.get(poll_id, {})))
    return Account(NAME, numbers, windows=frozenset() if gone.windows else None)


def read_roll_ups(client: Any, stream_id: str, gone: Gone = NOTHING_GONE) -> list[Account]:
    """Return what the sums by minute, unless they are gone, and by hour come to. Raises as `read`."""
    by_hour = Account("history by hour", _totals(client, stream_id, REACTIONS_BY_HOUR_VIEW), polls=frozenset())
    if gone.minutes:
        return [by_hour]
    by_minute = _totals(client, stream_id, REACTIONS_BY_MINUTE_VIEW)
    return [Account("history by minute", by_minute, polls=frozenset()), by_hour]


def _by_window(client: Any, stream_id: str) -> dict[Key, Span]:
    numbers: dict[Key, Span] = {}
    totals: dict[str, int] = {}
    for start, emoji, taps in client.query(_WINDOWS, parameters={"stream_id": stream_id}).result_rows:
        numbers[InWindow(start, emoji)] = Span.exactly(taps)
        totals[emoji] = totals.get(emoji, 0) + taps
    numbers.update((Total(emoji), Span.exactly(total)) for emoji, total in totals.items())
    return numbers


def _totals(client: Any, stream_id: str, view: str) -> dict[Key, Span]:
    rows = client.query(_ROLLED_UP.format(view=view), parameters={"stream_id": stream_id}).result_rows
    return {Total(emoji): Span.exactly(taps) for emoji, taps in rows}
