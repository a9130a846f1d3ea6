"""Whether URLs of stores and collectors can be read. Who finds out on connecting quotes a piece of the password."""

from urllib.parse import SplitResult, urlsplit

_REDIS = {"redis", "rediss", "unix"}
_HTTP = {"http", "https"}


def checked_redis(url: str) -> str:
    """Return the URL. Raises ValueError, which quotes nothing of it."""
    parts = _read(url)
    if parts is None or parts.scheme not in _REDIS or parts.fragment:
        raise ValueError(
            "is no URL of a Redis, redis://USER:PASSWORD@HOST:PORT/DATABASE; in a password, / ? # @ : and % are "
            "written in percent-encoding"
        )
    return url


def checked_clickhouse(url: str) -> str:
    """Return the URL. Raises ValueError, which quotes nothing of it, also where a password is in it: it is logged."""
    parts = _read(url)
    if parts is None or parts.scheme not in _HTTP or "@" in url or "password" in parts.query.lower():
        raise ValueError(
            "is no URL of a ClickHouse, http://HOST:PORT or https://HOST:PORT; user and password have settings of "
            "their own, OVATION_CLICKHOUSE_USER and OVATION_CLICKHOUSE_PASSWORD"
        )
    return url


def checked_collector(url: str) -> str:
    """Return the URL of a collector of traces, which may be empty. Raises ValueError, which quotes nothing of it."""
    parts = _read(url)
    if url and (parts is None or parts.scheme not in _HTTP or "@" in url or parts.query or parts.fragment):
        raise ValueError("is no URL of an OTLP collector, http://HOST:4318, without a user and a password")
    return url


def _read(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        return parts if parts.port is None or parts.port > 0 else None
    except ValueError:
        return None
