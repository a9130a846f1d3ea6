"""What gateways ask each other over Redis: sealed, so that nobody who reads Redis holds a receipt, and bounded."""

from typing import Annotated, Any

import msgspec
from msgspec import Meta

from gateway.idempotency.seal import Seal
from gateway.resend.session import KEPT_ANSWERS, Memory

MAX_EDGE_CHARS = 192
MAX_MESSAGE_BYTES = 131_072
"""Several times as many as the answers of a session can have."""

EdgeName = Annotated[str, Meta(min_length=1, max_length=MAX_EDGE_CHARS)]


class Ask(msgspec.Struct, frozen=True, array_like=True, tag="ask"):
    """Asks what a session remembers, and ends what it has of a connection. Answered to `reply_to`, another life."""

    number: int
    reply_to: EdgeName
    key: Annotated[bytes, Meta(max_length=32)]
    birth: int


class Told(msgspec.Struct, frozen=True, array_like=True, tag="told"):
    """The answer to `number`: what is remembered, None of a session that is not known (any more).

    Where votes wait for Kafka, a second answer follows with what became of them.
    """

    number: int
    memory: Memory | None


Message = Ask | Told

_encoder = msgspec.msgpack.Encoder()
_decoder: msgspec.msgpack.Decoder[Any] = msgspec.msgpack.Decoder(Message)


def encode(message: Message, seal: Seal, to: str) -> bytes:
    """Return a message as only the gateway `to` can read it."""
    return seal.close(_encoder.encode(message), _place(to))


def decode(raw: bytes, seal: Seal, me: str) -> Message:
    """Return a message that was sent to the gateway `me`. Raises ValueError for anything else."""
    if len(raw) > MAX_MESSAGE_BYTES:
        raise ValueError("too large")
    message: Message = _decoder.decode(seal.open(raw, _place(me)))
    memory = message.memory if isinstance(message, Told) else None
    if memory is not None and len(memory.answers) + len(memory.waiting) > KEPT_ANSWERS:
        raise ValueError("too many answers")
    return message


def _place(life: str) -> str:
    return f"resend {life}"
