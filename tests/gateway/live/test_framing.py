"""The short way of frames says what the library says, however the bytes come."""

import asyncio
import os
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import pytest
import uvicorn
from hypothesis import example, given
from hypothesis import strategies as st
from uvicorn.server import ServerState
from websockets.frames import Frame, Opcode
from websockets.protocol import State
from websockets.server import ServerProtocol

from gateway.live.framing import end_of, texts_of
from gateway.live.protocol import SocketProtocol
from gateway.live.wire import wire_of

MOST = 200
HANDSHAKE = (
    b"GET /ws HTTP/1.1\r\nhost: ovation\r\nconnection: Upgrade\r\nupgrade: websocket\r\n"
    b"sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
)
TOO_LARGE, PROTOCOL_ERROR, INVALID_DATA = 1009, 1002, 1007

Said = tuple[list[str | bytes], int | None]
"""The messages that came whole, and the code by which the server closes, if it does."""


class Transport(asyncio.Transport):
    """Keeps what is written."""

    def __init__(self) -> None:
        super().__init__()
        self.written: list[bytes] = []
        self.closing = False

    def write(self, data: Any) -> None:
        self.written.append(bytes(data))

    def is_closing(self) -> bool:
        return self.closing

    def close(self) -> None:
        self.closing = True

    def abort(self) -> None:
        self.closing = True

    def pause_reading(self) -> None: ...

    def resume_reading(self) -> None: ...

    def set_write_buffer_limits(self, high: int | None = None, low: int | None = None) -> None: ...


class Taker:
    """Keeps the messages, and answers each."""

    def __init__(self, wire: Any) -> None:
        self.wire = wire
        self.took_all: list[str | bytes] = []

    def took(self, frame: str | bytes) -> None:
        self.took_all.append(frame)
        self.wire.write(b"+")

    def paused(self) -> None: ...

    def resumed(self) -> None: ...

    def stopped(self) -> None: ...

    def lost(self) -> None: ...


async def opened(early: bytes = b"") -> tuple[SocketProtocol, Transport, Taker]:
    """Return an open socket that was handed over; `early` came before it was."""
    handed_over: asyncio.Future[Taker] = asyncio.get_running_loop().create_future()

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await send({"type": "websocket.accept"})
        if early:
            protocol.data_received(early)
        wire = wire_of(scope)
        taker = Taker(wire)
        wire.hand_to(taker)
        wire.resume_reading()
        handed_over.set_result(taker)

    config = uvicorn.Config(app, ws_max_size=MOST, ws_per_message_deflate=False, ws_ping_interval=None, log_config=None)
    config.load()
    config.loaded_app = app
    transport = Transport()
    protocol = SocketProtocol(config=config, server_state=ServerState(), app_state={})
    protocol.connection_made(transport)
    protocol.data_received(HANDSHAKE)
    async with asyncio.timeout(5):
        return protocol, transport, await handed_over


def by_the_gateway(chunks: Sequence[bytes], early: bytes = b"") -> Said:
    async def run() -> Said:
        protocol, _, taker = await opened(early)
        for chunk in chunks:
            protocol.data_received(chunk)
        close = protocol.conn.close_sent
        return taker.took_all, None if close is None else close.code

    return asyncio.run(run())


def by_the_library(data: bytes) -> Said:
    """Read byte by byte, so that what came whole before something wrong is seen."""
    server, messages = ServerProtocol(max_size=MOST), list[str | bytes]()
    server.state = State.OPEN
    server.parser = server.parse()
    next(server.parser)
    parts, is_text = list[bytes](), False
    for byte in data:
        if server.state is not State.OPEN:
            break
        server.receive_data(bytes((byte,)))
        for event in server.events_received():
            assert isinstance(event, Frame)
            if event.opcode in (Opcode.TEXT, Opcode.BINARY):
                is_text = event.opcode is Opcode.TEXT
            elif event.opcode is not Opcode.CONT:
                continue
            parts.append(bytes(event.data))
            if event.fin:
                message, parts = b"".join(parts), []
                try:
                    messages.append(message.decode() if is_text else message)
                except UnicodeDecodeError:
                    return messages, INVALID_DATA
    return messages, None if server.close_sent is None else server.close_sent.code


def frame(opcode: int, payload: bytes, first: int = 0x80, mask: int = 0x80, wide: bool = False) -> bytes:
    """Return a client's frame, or what is none: `first` has the other bits of its first byte, `wide` wastes bytes."""
    length, key = len(payload), os.urandom(4)
    if length < 126 and not wide:
        size = bytes((mask | length,))
    elif length < 1 << 16:
        size = bytes((mask | 126,)) + length.to_bytes(2)
    else:
        size = bytes((mask | 127,)) + length.to_bytes(8)
    masked = bytes(byte ^ key[place % 4] for place, byte in enumerate(payload)) if mask else payload
    return bytes((first | opcode,)) + size + (key if mask else b"") + masked


texts = st.text(max_size=40).map(str.encode)
payloads = texts | st.binary(max_size=MOST + 10)
frames_ = st.one_of(
    st.builds(frame, st.just(1), texts),
    st.builds(frame, st.just(1), texts),
    st.builds(frame, st.sampled_from((1, 2)), payloads, wide=st.booleans()),
    st.builds(frame, st.sampled_from((0, 1, 2)), texts, first=st.sampled_from((0x00, 0x80))),
    st.builds(frame, st.sampled_from((0, 1)), st.binary(min_size=100, max_size=MOST), first=st.just(0x00)),
    st.builds(frame, st.sampled_from((9, 10)), st.binary(max_size=130)),
    st.builds(frame, st.just(8), st.sampled_from((b"", b"\x03\xe8", b"\x03\xe8bye", b"\x00"))),
    st.builds(frame, st.integers(0, 15), texts, first=st.sampled_from((0x80, 0xC0, 0x90)), mask=st.just(0x80)),
    st.builds(frame, st.just(1), texts, mask=st.sampled_from((0, 0x80))),
)


@given(
    frames=st.lists(frames_, max_size=12), cuts=st.lists(st.integers(0, 2_000), max_size=12), missing=st.integers(0, 60)
)
@example(frames=[frame(1, b"{}")] * 3, cuts=[], missing=0)
@example(frames=[frame(1, b"x" * 150, first=0), frame(0, b"x" * 150, first=0)], cuts=[], missing=100)
@example(frames=[frame(2, b"x" * (MOST + 1))], cuts=[], missing=100)
@example(frames=[frame(1, b"x" * (MOST + 1))], cuts=[], missing=0)
@example(frames=[frame(11, b"xyz")], cuts=[], missing=2)
@example(frames=[frame(1, b"a", first=0), frame(1, b"b")], cuts=[], missing=0)
@example(frames=[frame(1, b"\xff"), frame(1, b"b")], cuts=[], missing=0)
@example(frames=[frame(1, b"a"), frame(8, b"\x03\xe8"), frame(1, b"b")], cuts=[], missing=0)
def test_the_same_messages_and_the_same_end(frames: list[bytes], cuts: list[int], missing: int) -> None:
    data = b"".join(frames)
    data = data[: max(0, len(data) - missing)]
    bounds = [0, *sorted(cut % (len(data) + 1) for cut in cuts), len(data)]
    chunks = [data[begin:end] for begin, end in pairwise(bounds)]
    assert by_the_gateway([chunk for chunk in chunks if chunk]) == by_the_library(data)


@given(frames=st.lists(st.builds(frame, st.just(1), texts), max_size=6), cut=st.integers(0, 300))
def test_what_came_before_the_socket_was_handed_over(frames: list[bytes], cut: int) -> None:
    data = b"".join(frames)
    cut %= len(data) + 1
    assert by_the_gateway([data[cut:]] if data[cut:] else [], early=data[:cut]) == by_the_library(data)


@pytest.mark.parametrize("size", [0, 1, 125, 126, MOST])
def test_a_text_goes_the_short_way(size: int) -> None:
    data = frame(1, b"x" * size)
    assert texts_of(data + data[:-1], 0, MOST) == ([b"x" * size], len(data))
    assert end_of(data[:-1], 0, MOST) is None


@pytest.mark.parametrize(
    "data",
    [frame(2, b"x"), frame(1, b"x", first=0), frame(9, b""), frame(1, b"x", mask=0), frame(1, b"x", first=0xC0)],
)
def test_nothing_else_does(data: bytes) -> None:
    assert texts_of(data, 0, MOST) == ([], 0)


async def test_answers_to_what_came_at_once_are_written_at_once() -> None:
    protocol, transport, taker = await opened()
    transport.written.clear()
    protocol.data_received(frame(1, b"{}") * 5)
    assert (len(taker.took_all), transport.written) == (5, [b"+++++"])


async def test_what_is_written_before_the_library_answers_stays_before() -> None:
    protocol, transport, _ = await opened()
    transport.written.clear()
    protocol.data_received(frame(1, b"{}") + frame(9, b"") + frame(1, b"{}"))
    assert b"".join(transport.written) == b"+\x8a\x00+"
