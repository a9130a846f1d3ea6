"""Answers of the gateway that a caller reads. Fields that are not named here are skipped."""

from typing import TypeVar

import msgspec

from ovation.client.errors import MalformedAnswerError, ProblemError

T = TypeVar("T")


class StreamOpened(msgspec.Struct, frozen=True):
    """Answer to the opening of a stream."""

    stream_id: str


class Option(msgspec.Struct, frozen=True):
    """An option of a poll."""

    id: str
    text: str


class PollOpened(msgspec.Struct, frozen=True):
    """Answer to the opening of a poll."""

    poll_id: str
    options: list[Option]


class TokenIssued(msgspec.Struct, frozen=True):
    """Answer to the request for a token. No repr shows the token."""

    token: str

    def __repr__(self) -> str:
        return "TokenIssued()"


class Counted(msgspec.Struct, frozen=True):
    """Answer to taps: how many were taken, and the start of the window that they count in, epoch ms."""

    counted: int
    window: int


class Receipt(msgspec.Struct, frozen=True):
    """Answer to a vote. Receipts sort by the time of the vote."""

    receipt: str


def decode(content: bytes | str, decoder: msgspec.json.Decoder[T]) -> T:
    """Return what the gateway has sent. Raises MalformedAnswerError."""
    try:
        return decoder.decode(content)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise MalformedAnswerError(f"The gateway sent what cannot be read: {error}.") from error


class _Problem(msgspec.Struct, frozen=True):
    type: str = "about:blank"
    detail: str = ""


def problem(status: int, body: bytes) -> ProblemError:
    """Return the problem in an answer of HTTP; of a body that is none, as a proxy sends it, only the status counts."""
    try:
        members = msgspec.json.decode(body, type=_Problem)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        members = _Problem()
    return ProblemError(status, members.type.rpartition("/")[2], members.detail)
