"""What is kept of a write."""

import msgspec
from starlette.responses import Response

MAX_ANSWER_BYTES = 256 * 1024
"""Of the body of an answer that is kept; a poll with the longest of texts stays below."""


class Answer(msgspec.Struct, frozen=True, array_like=True):
    """An answer as it was sent."""

    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes

    @classmethod
    def of(cls, response: Response) -> "Answer":
        """Return what is kept of a response that is not streamed."""
        return cls(response.status_code, list(response.raw_headers), bytes(response.body))

    def response(self) -> Response:
        """Return it as a response."""
        response = Response(self.body, self.status)
        response.raw_headers = list(self.headers)
        return response


class Record(msgspec.Struct, frozen=True, array_like=True):
    """A write that was begun: of which request, its answer once there is one, and whether it is known to be done."""

    fingerprint: bytes
    answer: Answer | None = None
    is_done: bool = False


_decoder = msgspec.msgpack.Decoder(Record)


def encode(record: Record) -> bytes:
    return msgspec.msgpack.encode(record)


def decode(raw: bytes) -> Record:
    """Return the record. Raises ValueError (msgspec.ValidationError is one) for what is none."""
    try:
        return _decoder.decode(raw)
    except msgspec.MsgspecError as error:
        raise ValueError("no record") from error
