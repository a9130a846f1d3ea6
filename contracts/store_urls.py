"""Whether URLs of stores and collectors can be read. Who finds out on connecting quotes a piece of the password."""

from urllib.parse import SplitResult, urlsplit

from contracts.redis_cluster.urls import is_cluster, node_urls

_REDIS = {"redis", "rediss", "unix"}
_HTTP = {"http", "https"}


def checked_redis(url: str) -> str:
    """Return the URL. Raises ValueError, which quotes nothing of it."""
    if not (_all_nodes(url) if is_cluster(url) else _one_redis(url)):
        raise ValueError(
            "is no URL of a Redis, redis://USER:PASSWORD@HOST:PORT/DATABASE, nor of a Redis Cluster, "
            "redis+cluster://USER:PASSWORD@HOST:PORT,HOST:PORT; in a password, / ? # @ : and % are written in "
            "percent-encoding"
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


def _one_redis(url: str) -> bool:
    parts = _read(url)
    return parts is not None and parts.scheme in _REDIS and not parts.fragment


def _all_nodes(url: str) -> bool:
    """Return whether a cluster's nodes can be read. It has no other database than 0."""
    try:
        nodes = [_read(each) for each in node_urls(url)]
    except ValueError:
        return False
    return all(each is not None and each.hostname and each.path in ("", "/", "/0") for each in nodes) and all(
        map(_one_redis, node_urls(url))
    )


def _read(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        return parts if parts.port is None or parts.port > 0 else None
    except ValueError:
        return None
