"""Frames that a gateway sends on a socket, as far as a client tells them apart."""

import msgspec

from ovation.client.answers import Counted, Receipt
from ovation.client.errors import ProblemError


class Envelope(msgspec.Struct, frozen=True):
    """What every frame has; the answer to a frame carries the `id` of that."""

    type: str
    id: int | None = None


class Error(msgspec.Struct, frozen=True, tag_field="type", tag="error"):
    """A no to a frame, with the members of the same problem over HTTP."""

    status: int
    problem: str
    detail: str
    receipt: str | None = None
    retry_after_s: float | None = None

    def as_problem(self) -> ProblemError:
        """Return it as HTTP's would be."""
        name = self.problem.rpartition("/")[2]
        return ProblemError(self.status, name, self.detail, self.receipt, self.retry_after_s)


class CountedAck(Counted, frozen=True, tag_field="type", tag="ack"):
    """A yes to taps."""


class ReceiptAck(Receipt, frozen=True, tag_field="type", tag="ack"):
    """A yes to a vote or a withdrawal."""


envelope: msgspec.json.Decoder[Envelope] = msgspec.json.Decoder(Envelope)
counted: msgspec.json.Decoder[CountedAck | Error] = msgspec.json.Decoder(CountedAck | Error)
receipt: msgspec.json.Decoder[ReceiptAck | Error] = msgspec.json.Decoder(ReceiptAck | Error)
