"""Making kafka-python's clients. Their constructors look for a broker, and leave sockets and a thread behind if none is
found; a gateway that waits out an outage tries hundreds of times.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from kafka.net.compat import KafkaNetClient

C = TypeVar("C")


def connect(kind: Callable[..., C], config: dict[str, Any]) -> C:
    """Return a connected `KafkaProducer` or `KafkaConsumer`. Raises KafkaError or OSError, and then nothing is left."""
    begun: list[Any] = []

    def network(**options: Any) -> Any:
        client = KafkaNetClient(**options)
        begun.append(client)
        return client

    try:
        return kind(**config, kafka_client=network)
    except BaseException:
        for client in begun:
            client.close()
        raise
