"""How kafka-python is told to produce: idempotent, `acks=all`, and never a topic that nobody created."""

from typing import Any

NEVER_MS = 14 * 24 * 3_600_000
"""Delivery timeout of records that are never given up: longer than Kafka's own retention of them."""

_CONNECT_MS = 5_000
_REQUEST_MS = 10_000


def producer_config(name: str, bootstrap: str, linger_ms: int, give_up_ms: int | None) -> dict[str, Any]:
    """Return the configuration of a producer that gives a record up after `give_up_ms`, or never."""
    longest_ms = NEVER_MS if give_up_ms is None else give_up_ms
    return {
        "bootstrap_servers": bootstrap.split(","),
        "client_id": name,
        "acks": "all",
        "enable_idempotence": True,
        "linger_ms": linger_ms,
        "batch_size": 131_072,
        # A request that is not answered is sent again after this; the broker knows it by its sequence number.
        "request_timeout_ms": min(_REQUEST_MS, longest_ms),
        "delivery_timeout_ms": longest_ms + linger_ms,
        "max_block_ms": min(_CONNECT_MS, longest_ms),
        "bootstrap_timeout_ms": _CONNECT_MS,
        "reconnect_backoff_max_ms": 1_000,
        "allow_auto_create_topics": False,
        "metrics_enabled": False,
    }
