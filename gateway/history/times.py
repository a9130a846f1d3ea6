"""Times as ClickHouse writes and reads them."""

import datetime as dt


def text_of(ms: int) -> str:
    """Return epoch milliseconds as text for a parameter of type `DateTime64(3, 'UTC')`."""
    return dt.datetime.fromtimestamp(ms / 1000, dt.UTC).strftime("%Y-%m-%d %H:%M:%S.%f")[:-3]


def ms_of(moment: dt.datetime) -> int:
    """Return the epoch milliseconds of a time in an answer; all are UTC, whether their type says so or not."""
    return int(moment.replace(tzinfo=dt.UTC).timestamp() * 1000)
