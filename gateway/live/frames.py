"""Frames on the socket: what a client may send, and how it is answered."""

from typing import Annotated, Any

import msgspec
from msgspec import Meta

from gateway import problems
from gateway.decoding import decode
from gateway.reactions.video import PlaybackMs
from gateway.refusal import Refused

FrameId = Annotated[str, Meta(max_length=64)] | int | None
"""The client's own mark on a frame; its answer carries the same."""


class React(msgspec.Struct, frozen=True, tag_field="type", tag="react"):
    """Taps."""

    counts: dict[str, int]
    playback_ms: PlaybackMs = None
    id: FrameId = None


class Vote(msgspec.Struct, frozen=True, tag_field="type", tag="vote"):
    """A vote."""

    poll_id: str
    choices: list[str]
    playback_ms: PlaybackMs = None
    id: FrameId = None


class Withdraw(msgspec.Struct, frozen=True, tag_field="type", tag="withdraw"):
    """Takes a vote back."""

    poll_id: str
    id: FrameId = None


class Show(msgspec.Struct, frozen=True, tag_field="type", tag="show"):
    """Asks for results that are shown after a vote, with the receipt of one: on this socket nobody has voted yet."""

    receipt: str
    id: FrameId = None


class Ping(msgspec.Struct, frozen=True, tag_field="type", tag="ping"):
    """Asks whether anybody is there: a page has no other way to tell a quiet stream from a dead network."""

    id: FrameId = None


class _AnyFrame(msgspec.Struct, frozen=True):
    id: FrameId = None


Frame = React | Vote | Withdraw | Show | Ping

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


def ack(frame_id: FrameId, answer: Any) -> str:
    """Return the frame that says yes, with the fields of the same call's HTTP answer."""
    return msgspec.json.encode({"type": "ack", "id": frame_id, **msgspec.to_builtins(answer)}).decode()


def error(frame_id: FrameId, refused: Refused) -> str:
    """Return the frame that says no. The problem's own `type` is `problem` here, because a frame's is taken."""
    members = refused.members()
    return msgspec.json.encode({**members, "problem": members["type"], "type": "error", "id": frame_id}).decode()
