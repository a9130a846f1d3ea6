"""A stream and a poll, exactly as they stand in the topic `control` (contracts/schemas/control.v1.json)."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from contracts import limits, topics

Id = Annotated[str, Meta(pattern=limits.ID_PATTERN)]
Time = Annotated[int, Meta(ge=1_000_000_000_000, le=9_999_999_999_999)]
"""Milliseconds since the epoch, UTC."""
Emoji = Annotated[
    str, Meta(min_length=1, max_length=limits.MAX_EMOJI_CHARS, pattern='^[^\\u0000-\\u001f"\\\\\\ufffd]+$')
]
Title = Annotated[str, Meta(min_length=1, max_length=limits.MAX_TITLE_CHARS)]
Question = Annotated[str, Meta(min_length=1, max_length=limits.MAX_QUESTION_CHARS)]
OptionText = Annotated[str, Meta(min_length=1, max_length=limits.MAX_OPTION_CHARS)]
MaxChoices = Annotated[int, Meta(ge=1, le=limits.MAX_OPTIONS)]

StreamStatus = Literal["live", "ended"]
PollStatus = Literal["draft", "open", "closed", "cancelled"]


class Stream(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="stream"):
    """One broadcast and the emojis it offers."""

    v: Literal[1] = 1
    region: Id
    edge: str
    at: Time
    stream_id: Id
    title: Title
    emojis: Annotated[tuple[Emoji, ...], Meta(min_length=1, max_length=limits.MAX_EMOJIS)]
    status: StreamStatus
    created_at: Time
    ended_at: Time | None

    @property
    def key(self) -> str:
        return topics.stream_key(self.stream_id)

    @property
    def progress(self) -> int:
        """How far its life has come; it never goes back."""
        return 0 if self.status == "live" else 1

    def is_live_at(self, now_ms: int) -> bool:
        """Return whether it takes taps and votes: until it is ended, and never longer than its totals are state."""
        return self.status == "live" and now_ms < self.created_at + limits.MAX_STREAM_MS


class Option(msgspec.Struct, frozen=True):
    """One option of a poll."""

    id: Annotated[str, Meta(pattern="^[1-9][0-9]?$")]
    text: OptionText


class Poll(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="poll"):
    """One question to the viewers of a stream, and its rules."""

    v: Literal[1] = 1
    region: Id
    edge: str
    at: Time
    stream_id: Id
    poll_id: Id
    question: Question
    options: Annotated[tuple[Option, ...], Meta(min_length=limits.MIN_OPTIONS, max_length=limits.MAX_OPTIONS)]
    max_choices: MaxChoices
    allow_change: bool
    results: Literal["always"]
    status: PollStatus
    created_at: Time
    opened_at: Time | None
    closes_at: Time | None
    closed_at: Time | None

    @property
    def key(self) -> str:
        return topics.poll_key(self.stream_id, self.poll_id)

    @property
    def progress(self) -> int:
        """How far its life has come; it never goes back."""
        return {"draft": 0, "open": 1}.get(self.status, 2)

    def status_at(self, now_ms: int) -> PollStatus:
        """Return the status as it is at `now_ms`: an open poll is closed once its time is over."""
        if self.status == "open" and now_ms > self.last_ms:
            return "closed"
        return self.status

    @property
    def last_ms(self) -> int:
        """When an open poll takes its last vote: at `closes_at`, and never later than the state of the jobs lasts."""
        longest = (self.opened_at or self.created_at) + limits.MAX_POLL_MS
        return longest if self.closes_at is None else min(self.closes_at, longest)


Record = Stream | Poll

_decoder: msgspec.json.Decoder[Record] = msgspec.json.Decoder(Record)


def decode(value: bytes) -> Record:
    """Return the stream or poll in a record of `control`. Raises msgspec.MsgspecError for what is neither."""
    return _decoder.decode(value)


def encode(record: Record) -> bytes:
    """Return the record's value."""
    return msgspec.json.encode(record)
