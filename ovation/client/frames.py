"""Frames on a socket: what a client sends, and what a gateway sends, as far as a client tells it apart."""

import msgspec

from contracts.limits import MAX_BODY_BYTES
from ovation.client.answers import Counted, decode
from ovation.client.errors import MalformedAnswerError, ProblemError

_RESENT_BYTES = 2_048
"""What the names of gateways may take."""


class Frame(msgspec.Struct, tag_field="type", omit_defaults=True, kw_only=True, gc=False):
    """What every frame has that waits for an answer. `sent_to` are the gateways that were sent it before."""

    id: int = 0
    sent_to: tuple[str, ...] = ()


class React(Frame, tag="react", gc=False):
    """Taps."""

    counts: dict[str, int]


class Vote(Frame, tag="vote", gc=False):
    """A vote."""

    poll_id: str
    choices: list[str]


class Withdraw(Frame, tag="withdraw", gc=False):
    """Takes a vote back."""

    poll_id: str


class Show(msgspec.Struct, tag_field="type", tag="show"):
    """Asks for results that only those see who have voted, with the receipt of a vote. Its answer matters to nobody."""

    receipt: str


def require_room(frame: Frame) -> None:
    """Raise ValueError for a frame that would be too large with everything that may be added to it."""
    if len(encode(frame)) > MAX_BODY_BYTES - _RESENT_BYTES:
        raise ValueError("This is longer than a gateway takes.")


class Message(msgspec.Struct, frozen=True, gc=False):
    """A message or an answer; an answer carries the `id` of its frame.

    Everything of an answer that says yes is read at once, since there are so many; `edge` and `regions` are those of a
    welcome. What is named `window` is an answer's number, or that of a message, which is not read here.
    """

    type: str
    id: int | None = None
    edge: str | None = None
    regions: tuple[str, ...] = ()
    counted: int | None = None
    window: msgspec.Raw = msgspec.Raw()
    counts: dict[str, int] | None = None
    receipt: str | None = None

    def as_counted(self) -> Counted:
        """Return it as the answer to taps. Raises MalformedAnswerError."""
        window = bytes(self.window)
        if self.counted is None or not window.isdigit():
            raise MalformedAnswerError("The gateway sent an answer to taps without their number or window.")
        return Counted(self.counted, int(window), self.counts)

    def as_receipt(self) -> str:
        """Return the receipt in the answer to a vote. Raises MalformedAnswerError."""
        if self.receipt is None:
            raise MalformedAnswerError("The gateway sent an answer to a vote without a receipt.")
        return self.receipt


class _Error(msgspec.Struct, frozen=True):
    """A no to a frame, with the members of the same problem over HTTP."""

    status: int
    problem: str
    detail: str
    title: str = ""
    receipt: str | None = None
    retry_after_s: float | None = None


def problem(text: str) -> ProblemError:
    """Return the problem in an answer that says no, as HTTP's would be. Raises MalformedAnswerError."""
    error = decode(text, _errors)
    name = error.problem.rpartition("/")[2]
    return ProblemError(error.status, name, error.detail, error.receipt, error.retry_after_s, error.title)


encode = msgspec.json.Encoder().encode
message: msgspec.json.Decoder[Message] = msgspec.json.Decoder(Message)
_errors: msgspec.json.Decoder[_Error] = msgspec.json.Decoder(_Error)
