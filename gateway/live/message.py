"""A message to screens, made into bytes once for however many of them get it.

A server's WebSocket frames are not masked (RFC 6455, section 5.1) and nothing here is compressed, so the frame that
goes out is the same for every socket, and likewise the event for every event stream.
"""

from collections.abc import Iterable, Mapping
from functools import cached_property

import msgspec

_FINAL_TEXT = 0x81
_TWO_BYTES, _EIGHT_BYTES = 126, 127


class Message:
    """One JSON object, and its forms."""

    def __init__(self, kind: str, body: bytes) -> None:
        self.kind = kind
        self.body = body

    @cached_property
    def frame(self) -> bytes:
        """The WebSocket frame (RFC 6455, section 5.2)."""
        return frame_of(self.body)

    @cached_property
    def chunk(self) -> bytes:
        """The server-sent event, as a chunk of an HTTP/1.1 body (RFC 9112, section 7.1)."""
        return chunk_of(b"event: %b\ndata: %b\n\n" % (self.kind.encode(), self.body))


class News:
    """What goes to many screens at once: messages by their slots. `is_whole`: they replace whatever still waits."""

    def __init__(self, messages: Mapping[str, Message], *, is_whole: bool = False) -> None:
        self.messages = messages
        self.is_whole = is_whole

    @cached_property
    def frames(self) -> bytes:
        """All of them, as WebSocket frames."""
        return frames_of(self.messages.values())

    @cached_property
    def chunks(self) -> bytes:
        """All of them, as events."""
        return chunks_of(self.messages.values())


def message_of(content: Mapping[str, object]) -> Message:
    """Return a message of `contracts.messages`, encoded."""
    return Message(str(content["type"]), msgspec.json.encode(content))


def frame_of(text: bytes) -> bytes:
    """Return a text frame of a server."""
    length = len(text)
    if length < _TWO_BYTES:
        return bytes((_FINAL_TEXT, length)) + text
    if length < 1 << 16:
        return bytes((_FINAL_TEXT, _TWO_BYTES)) + length.to_bytes(2, "big") + text
    return bytes((_FINAL_TEXT, _EIGHT_BYTES)) + length.to_bytes(8, "big") + text


def frames_of(messages: Iterable[Message]) -> bytes:
    """Return the frames of messages, one behind the other."""
    return b"".join(message.frame for message in messages)


def chunk_of(content: bytes) -> bytes:
    """Return a chunk of an HTTP/1.1 body."""
    return b"%x\r\n%b\r\n" % (len(content), content)


def chunks_of(messages: Iterable[Message]) -> bytes:
    """Return the events of messages, one behind the other."""
    return b"".join(message.chunk for message in messages)
