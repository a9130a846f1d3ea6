"""What a gateway that stops leaves in Redis of its sessions, so that its end costs nobody a tap.

Frames on their way to it when its sockets closed were never taken, and only it can say so. What it leaves is true for
good: it takes nothing any more. A gateway that is killed leaves nothing.
"""

from collections.abc import Iterable
from itertools import islice
from typing import Any

import msgspec
from redis.asyncio import Redis

from contracts import redis_keys
from gateway.idempotency.seal import Seal
from gateway.resend.names import Place
from gateway.resend.session import Memory, Session

KEPT_S = 300
_AT_ONCE = 500

_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(Memory)


async def leave(redis: Redis, seal: Seal, life: str, sessions: Iterable[tuple[bytes, Session]]) -> None:
    """Write what sessions remember. Raises RedisError or OSError without Redis."""
    name, rest = redis_keys.edge_left(life), iter(sessions)
    while some := list(islice(rest, _AT_ONCE)):
        async with redis.pipeline(transaction=False) as pipeline:
            for key, session in some:
                place = Place(life, session.birth)
                sealed = seal.close(_encoder.encode(session.memory()), _place(place, key))
                pipeline.hset(name, mapping={_field(place, key): sealed})
            pipeline.expire(name, KEPT_S)
            await pipeline.execute()


async def find(redis: Redis, seal: Seal, place: Place, key: bytes) -> Memory | None:
    """Return what a gateway left of a session, or None if it left nothing. Raises RedisError or OSError."""
    found: Any = redis.hget(redis_keys.edge_left(place.life), _field(place, key))
    sealed: bytes | None = await found
    if sealed is None:
        return None
    try:
        return _decoder.decode(seal.open(sealed, _place(place, key)))
    except ValueError:  # msgspec's errors are of it.
        return None


def _field(place: Place, key: bytes) -> str:
    return f"{place.birth} {key.hex()}"


def _place(place: Place, key: bytes) -> str:
    return f"left {place.life} {place.birth} {key.hex()}"
