"""Frames on the socket: what a client may send, and how it is answered."""

from typing import Annotated, Any

import msgspec
from msgspec import UNSET, Meta, UnsetType

from gateway import problems
from gateway.decoding import decode
from gateway.reactions.tap_counter import Counted
from gateway.reactions.video import PlaybackMs
from gateway.refusal import Refused
from gateway.resend.messages import EdgeName

MAX_FRAME_ID = 2**53 - 1
"""The largest number that every client can count to."""

FrameId = Annotated[str, Meta(max_length=64)] | Annotated[int, Meta(ge=-MAX_FRAME_ID, le=MAX_FRAME_ID)] | None
"""The client's own mark on a frame; its answer carries the same. In a session it is a number, and only increases."""

SentTo = Annotated[list[EdgeName], Meta(max_length=8)] | None
"""The edges to which a frame was sent before, whose answer never came."""


class React(msgspec.Struct, frozen=True, tag_field="type", tag="react"):
    """Taps."""

    counts: dict[str, int]
    playback_ms: PlaybackMs = None
    id: FrameId = None
    sent_to: SentTo = None


class Vote(msgspec.Struct, frozen=True, tag_field="type", tag="vote"):
    """A vote."""

    poll_id: str
    choices: list[str]
    playback_ms: PlaybackMs = None
    id: FrameId = None
    sent_to: SentTo = None


class Withdraw(msgspec.Struct, frozen=True, tag_field="type", tag="withdraw"):
    """Takes a vote back."""

    poll_id: str
    id: FrameId = None
    sent_to: SentTo = None


class Show(msgspec.Struct, frozen=True, tag_field="type", tag="show"):
    """Asks for results that are shown after a vote, with the receipt of one: on this socket nobody has voted yet."""

    receipt: str
    id: FrameId = None


class Ping(msgspec.Struct, frozen=True, tag_field="type", tag="ping"):
    """Asks whether anybody is there: a page has no other way to tell a quiet stream from a dead network."""

    id: FrameId = None


class _AnyFrame(msgspec.Struct, frozen=True):
    id: FrameId = None


Lasting = React | Vote | Withdraw
"""Frames that count: in a session, each is taken once."""
Frame = Lasting | Show | Ping

_decoder: msgspec.json.Decoder[Frame] = msgspec.json.Decoder(Frame)
_any_decoder = msgspec.json.Decoder(_AnyFrame)


def read(raw: str | bytes) -> Frame:
    """Return the frame. Raises Refused for what is none."""
    try:
        return decode(raw, _decoder)
    except Refused as refused:
        if refused.field == "type":
            raise Refused(problems.UNKNOWN_FRAME, field="type") from refused
        raise


def read_id(raw: str | bytes) -> FrameId:
    """Return the id of a frame that is otherwise unreadable, if that much can be made out."""
    try:
        return _any_decoder.decode(raw).id
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None


class _Counted(msgspec.Struct, tag_field="type", tag="ack"):
    id: FrameId
    counted: int
    window: int
    counts: dict[str, int] | UnsetType = UNSET


def counted(frame_id: FrameId, answer: Counted) -> str:
    """Return `ack` of taps, of which there are many."""
    return msgspec.json.encode(_Counted(frame_id, answer.counted, answer.window, answer.counts)).decode()


def ack(frame_id: FrameId, answer: Any) -> str:
    """Return the frame that says yes, with the fields of the same call's HTTP answer."""
    return msgspec.json.encode({"type": "ack", "id": frame_id, **msgspec.to_builtins(answer)}).decode()


def is_ack(text: str) -> bool:
    """Return whether an answer says yes."""
    return text.startswith('{"type":"ack"')


def error(frame_id: FrameId, refused: Refused) -> str:
    """Return the frame that says no. The problem's own `type` is `problem` here, because a frame's is taken."""
    members = refused.members()
    return msgspec.json.encode({**members, "problem": members["type"], "type": "error", "id": frame_id}).decode()
