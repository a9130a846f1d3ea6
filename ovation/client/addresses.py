"""Where the sockets of a stream are."""

import secrets
from collections.abc import Sequence
from urllib.parse import quote, urlencode, urlsplit

from contracts.limits import MAX_INTERVAL_MS, MIN_INTERVAL_MS


def socket_addresses(stream: str, urls: Sequence[str], interval_ms: int | None) -> list[str]:
    """Return the address of a stream's socket at each of `urls`, with a new session in it. Raises ValueError."""
    if isinstance(urls, str) or not urls:
        raise ValueError("`urls` is a list of the gateways' addresses, with one at least.")
    for url in urls:
        if urlsplit(url).scheme not in ("http", "https", "ws", "wss") or not urlsplit(url).netloc:
            raise ValueError(f"{url!r} is not the address of a gateway.")
    query = {"session": secrets.token_urlsafe(24)}
    if interval_ms is not None:
        if not MIN_INTERVAL_MS <= interval_ms <= MAX_INTERVAL_MS:
            raise ValueError(f"`interval_ms` is from {MIN_INTERVAL_MS} to {MAX_INTERVAL_MS}, not {interval_ms}.")
        query["interval_ms"] = str(interval_ms)
    path = f"/v1/streams/{quote(stream, safe='')}/ws?{urlencode(query)}"
    return [url.rstrip("/") + path for url in urls]


def elsewhere(address: str, url: str) -> str:
    """Return the address of the same socket at the gateways behind `url`."""
    here, there = urlsplit(address), urlsplit(url)
    return here._replace(scheme=there.scheme, netloc=there.netloc).geturl()
