"""Answers of the gateway that a caller reads. Fields that are not named here are skipped."""

from typing import TypeVar

import msgspec

from ovation.client.errors import MalformedAnswerError, ProblemError

T = TypeVar("T")


class StreamOpened(msgspec.Struct, frozen=True):
    """Answer to the opening of a stream."""

    stream_id: str


class Option(msgspec.Struct, frozen=True):
    """An option of a poll. `votes` is there where results are shown."""

    id: str
    text: str
    votes: int | None = None


class Poll(msgspec.Struct, frozen=True, kw_only=True):
    """A poll, as its creation, a step, or a question about it is answered.

    The numbers are those of `contracts.messages.Poll`, and there only where results are shown. Times are epoch ms.
    """

    poll_id: str
    status: str
    options: list[Option]
    grace_ms: int = 0
    closed_at: int | None = None
    is_final: bool = False
    voters: int | None = None
    received: int | None = None
    replaced: int | None = None
    withdrawn: int | None = None
    duplicate: int | None = None
    late: int | None = None
    invalid: int | None = None
    ineligible: int | None = None
    missing_regions: tuple[str, ...] = ()


class TokenIssued(msgspec.Struct, frozen=True):
    """Answer to the request for a token. No repr shows the token."""

    token: str

    def __repr__(self) -> str:
        return "TokenIssued()"


class Counted(msgspec.Struct, frozen=True):
    """Answer to taps: how many were taken, and the start of the window that they count in, epoch ms.

    Of a viewer who taps faster than the gateway allows, fewer are taken than were sent, and `counts` says which.
    """

    counted: int
    window: int
    counts: dict[str, int] | None = None


class Receipt(msgspec.Struct, frozen=True):
    """Answer to a vote. Nothing can be read from a receipt: the gateway says what became of its vote."""

    receipt: str


class VoteOutcome(msgspec.Struct, frozen=True):
    """What became of a vote. `ballot` is its id in the list of a final poll's ballots, when it is in there."""

    outcome: str
    ballot: str | None = None


def decode(content: bytes | str, decoder: msgspec.json.Decoder[T]) -> T:
    """Return what the gateway has sent. Raises MalformedAnswerError."""
    try:
        return decoder.decode(content)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise MalformedAnswerError(f"The gateway sent what cannot be read: {error}.") from error


class _Problem(msgspec.Struct, frozen=True):
    type: str = "about:blank"
    title: str = ""
    detail: str = ""
    receipt: str | None = None


def problem(status: int, body: bytes, retry_after: str | None) -> ProblemError:
    """Return the problem in an answer of HTTP; of a body that is none, as a proxy sends it, only the status counts.

    `retry_after` is the header: seconds, as a gateway sends it; a date is not read.
    """
    try:
        members = msgspec.json.decode(body, type=_Problem)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        members = _Problem()
    wait_s = float(retry_after) if retry_after is not None and retry_after.isdecimal() else None
    return ProblemError(status, members.type.rpartition("/")[2], members.detail, members.receipt, wait_s, members.title)
