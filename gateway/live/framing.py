"""A short way for the frames that a crowd sends: whole text messages in one masked frame (RFC 6455, section 5.2).

All others (fragments, binary, control frames) go to the library, each as a whole, and so does every byte once something
is wrong or the connection is being closed. It parses frames in generators, which takes longer than a tap does.
"""

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.protocol import State
from websockets.speedups import apply_mask

_FINAL_TEXT = 0x81
_MASKED, _LENGTH = 0x80, 0x7F
_TWO_BYTES, _EIGHT_BYTES = 126, 127
_HEAD, _LONGER_HEAD, _LONGEST_HEAD = 6, 8, 14
"""Bytes before the payload: two, the longer length, and the mask."""
_OPCODE = 0x0F
_OPCODES = frozenset({0, 1, 2, 8, 9, 10})


def texts_of(data: bytes, at: int, most: int) -> tuple[list[bytes], int]:
    """Return the payloads of whole, unfragmented text frames from `at` on, and where the first other frame begins.

    That one may be incomplete. A frame of more than `most` bytes is another.
    """
    texts: list[bytes] = []
    end = len(data)
    while at + _HEAD <= end and data[at] == _FINAL_TEXT and data[at + 1] & _MASKED:
        begin, length = at + _HEAD, data[at + 1] & _LENGTH
        if length == _TWO_BYTES:
            begin, length = at + _LONGER_HEAD, int.from_bytes(data[at + 2 : at + 4])
        if length == _EIGHT_BYTES or length > most or begin + length > end:
            break
        at = begin + length
        texts.append(apply_mask(data[begin:at], data[begin - 4 : begin]))
    return texts, at


def end_of(data: bytes, at: int, most: int) -> int | None:
    """Return where the frame at `at` ends, or None while it is not whole.

    Where its head is wrong, or says more than `most` bytes, that is the end of `data`: no frame comes after it.
    """
    end = len(data)
    if end - at < 2:
        return None
    if data[at] & _OPCODE not in _OPCODES or not data[at + 1] & _MASKED:
        return end
    head, length = _HEAD, data[at + 1] & _LENGTH
    if length >= _TWO_BYTES:
        head = _LONGER_HEAD if length == _TWO_BYTES else _LONGEST_HEAD
        if end - at < head - 4:
            return None
        length = int.from_bytes(data[at + 2 : at + head - 4])
    if length > most:
        return end
    whole = at + head + length
    return whole if whole <= end else None


class Framing(WebSocketsSansIOProtocol):
    """Mixed into uvicorn's protocol."""

    _has_begun = False
    _rest = b""
    """The beginning of a frame."""

    def takes_texts(self) -> bool:
        """Return whether texts may go the short way."""
        raise NotImplementedError

    def took(self, data: bytes, *, is_text: bool) -> None:
        """Take a whole message."""
        raise NotImplementedError

    def leave_to_library(self, data: bytes) -> None:
        """Let the library have a whole frame, or the rest of everything."""
        super().data_received(data)

    def data_received(self, data: bytes) -> None:
        """Called by the transport; the first time with the handshake."""
        if not self._has_begun:
            self._has_begun = True
            self.leave_to_library(data)
            return
        if self._rest:
            data, self._rest = self._rest + data, b""
        at = 0
        while self.conn.state is State.OPEN:
            fragments = self.conn.current_size
            most = self.config.ws_max_size - (fragments or 0)
            if fragments is None and self.takes_texts():
                texts, at = texts_of(data, at, most)
                for text in texts:
                    self.took(text, is_text=True)
            end = end_of(data, at, most)
            if end is None:
                self._rest = data[at:]
                return
            self.leave_to_library(data[at:end])
            at = end
        if at < len(data):
            self.leave_to_library(data[at:])
