"""How librdkafka is told to produce: idempotent, `acks=all`, and never a topic that nobody created."""

from typing import Any

from contracts.kafka_login import PLAINTEXT, KafkaLogin

_CONNECT_MS = 5_000
_REQUEST_MS = 10_000
_NO_TOPIC_MS = 1_800_000
"""How long a record waits for its topic to appear. librdkafka takes an hour, its own maximum, for no time at all."""


def producer_config(
    name: str, bootstrap: str, linger_ms: int, give_up_ms: int | None, login: KafkaLogin = PLAINTEXT
) -> dict[str, Any]:
    """Return the configuration of a producer that gives a record up after `give_up_ms`, or never.

    Names and meanings are librdkafka's own (CONFIGURATION.md of that project).
    """
    longest_ms = give_up_ms or _REQUEST_MS
    return {
        "bootstrap.servers": bootstrap,
        "client.id": name,
        "acks": "all",
        "enable.idempotence": True,
        "linger.ms": linger_ms,
        "batch.size": 131_072,
        # 0 is for ever.
        "message.timeout.ms": give_up_ms or 0,
        # A request that is not answered is sent again after this; the broker knows it by its sequence number.
        "socket.timeout.ms": min(_REQUEST_MS, longest_ms),
        "socket.connection.setup.timeout.ms": max(1_000, min(_CONNECT_MS, longest_ms)),
        "socket.nagle.disable": True,
        "reconnect.backoff.max.ms": 1_000,
        "topic.metadata.propagation.max.ms": give_up_ms or _NO_TOPIC_MS,
        "allow.auto.create.topics": False,
        **login.librdkafka(),
    }
