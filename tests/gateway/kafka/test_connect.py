import gc
import threading
from typing import Any

import pytest
from kafka import KafkaAdminClient, KafkaConsumer
from kafka.errors import KafkaError

from gateway.kafka.connect import connect


@pytest.mark.parametrize("kind", [KafkaAdminClient, KafkaConsumer])
def test_without_a_broker_nothing_is_left_behind(kind: type[Any], silent: str) -> None:
    """Sockets too: one left open is a warning here, and warnings are errors."""
    before = set(threading.enumerate())
    with pytest.raises(KafkaError):
        connect(kind, {"bootstrap_servers": silent, "bootstrap_timeout_ms": 300})
    gc.collect()
    assert {thread for thread in threading.enumerate() if thread.is_alive()} <= before
