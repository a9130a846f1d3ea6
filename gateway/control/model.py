"""A stream, a poll, a seal and an API key, as they stand in the topic `control` (contracts/schemas/control.v1.json)."""

from functools import cached_property
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
OptionId = Annotated[str, Meta(pattern="^[1-9][0-9]?$")]
MaxChoices = Annotated[int, Meta(ge=1, le=limits.MAX_OPTIONS)]
Seconds = Annotated[int, Meta(ge=1, le=limits.MAX_POLL_MS // 1000)]
Claim = Annotated[str, Meta(min_length=1, max_length=limits.MAX_CLAIM_CHARS)]
ClaimValue = bool | int | Annotated[str, Meta(max_length=limits.MAX_CLAIM_CHARS)]
Eligibility = Annotated[
    dict[Claim, Annotated[tuple[ClaimValue, ...], Meta(min_length=1, max_length=limits.MAX_ELIGIBILITY_VALUES)]],
    Meta(max_length=limits.MAX_ELIGIBILITY_CLAIMS),
]
"""Claim to the values that let a viewer vote; all of the claims must fit."""

StreamStatus = Literal["live", "ended"]
PollStatus = Literal["draft", "scheduled", "open", "paused", "closed", "final", "cancelled"]
Results = Literal["always", "after_vote", "after_close"]
Scope = Literal["streams", "polls", "tokens", "read", "keys"]
OVER: frozenset[PollStatus] = frozenset({"closed", "final", "cancelled"})


class Written(msgspec.Struct, frozen=True, kw_only=True):
    """What every record says: its version, who wrote it and when, and how often its key was."""

    v: Literal[1] = 1
    region: Id
    edge: str
    at: Time
    revision: int


class Stream(Written, frozen=True, kw_only=True, tag_field="kind", tag="stream"):
    """One broadcast and the emojis it offers."""

    stream_id: Id
    title: Title
    emojis: Annotated[tuple[Emoji, ...], Meta(min_length=1, max_length=limits.MAX_EMOJIS)]
    status: StreamStatus
    created_at: Time
    ended_at: Time | None

    @property
    def key(self) -> str:
        return topics.stream_key(self.stream_id)

    def is_live_at(self, now_ms: int) -> bool:
        """Return whether it takes taps and votes: until it is ended, and never longer than its totals are state."""
        return self.status == "live" and now_ms < self.created_at + limits.MAX_STREAM_MS


class Option(msgspec.Struct, frozen=True):
    """One option of a poll."""

    id: OptionId
    text: OptionText


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """The numbers of a final poll; `votes` are in the order of the options (contracts.events.PollResult)."""

    votes: tuple[int, ...]
    voters: int
    received: int
    replaced: int
    withdrawn: int
    duplicate: int
    late: int
    invalid: int
    ineligible: int
    digest: str


class Poll(Written, frozen=True, kw_only=True, dict=True, tag_field="kind", tag="poll"):
    """One question to the viewers of a stream, and its rules (contracts.events.PollRecord).

    What every vote asks for is worked out once.
    """

    stream_id: Id
    poll_id: Id
    question: Question
    options: Annotated[tuple[Option, ...], Meta(min_length=limits.MIN_OPTIONS, max_length=limits.MAX_OPTIONS)]
    max_choices: MaxChoices
    allow_change: bool
    allow_withdraw: bool
    results: Results
    correct: tuple[OptionId, ...]
    eligibility: Eligibility
    status: PollStatus
    created_at: Time
    opens_at: Time | None
    opened_at: Time | None
    closes_at: Time | None
    closes_in_s: Seconds | None
    closed_at: Time | None
    final_at: Time | None
    voter_salt: str | None
    result: Result | None

    @cached_property
    def key(self) -> str:
        return topics.poll_key(self.stream_id, self.poll_id)

    def status_at(self, now_ms: int) -> PollStatus:
        """Return the status as it is at `now_ms`, by the clock alone: nobody need write that a time has come."""
        status = self.status
        if status == "scheduled" and self.opens_at is not None and now_ms >= self.opens_at:
            status = "open"
        if status in ("open", "paused"):
            closing = self.closing_ms
            if closing is not None and now_ms > closing:
                status = "closed"
        return status

    @property
    def opening_ms(self) -> int | None:
        """When it opened, or will by its schedule; None while nobody knows."""
        return self.opened_at if self.opened_at is not None else self.opens_at

    @cached_property
    def closing_ms(self) -> int | None:
        """When it closed, or will: by hand, at its time, after its duration, or when the jobs' memory ends."""
        if self.closed_at is not None:
            return self.closed_at
        opening = self.opening_ms
        if opening is None:
            return self.closes_at
        ends = [opening + limits.MAX_POLL_MS]
        if self.closes_at is not None:
            ends.append(self.closes_at)
        if self.closes_in_s is not None:
            ends.append(opening + self.closes_in_s * 1000)
        return min(ends)

    @property
    def announced_closing_ms(self) -> int | None:
        """When it closed or will; None if all that will close it is the longest life of a poll."""
        is_set = (self.closes_at, self.closes_in_s, self.closed_at) != (None, None, None)
        return self.closing_ms if is_set else None

    @cached_property
    def deadline_ms(self) -> int | None:
        """The last moment at which a vote counts: the closing and the grace after it."""
        closing = self.closing_ms
        return None if closing is None else closing + limits.GRACE_MS


class Seal(Written, frozen=True, kw_only=True, tag_field="kind", tag="seal"):
    """What a region has acknowledged of a closed poll that it takes no more votes of (contracts.events.SealRecord)."""

    stream_id: Id
    poll_id: Id
    received: dict[str, int]
    closing: int = 0
    """When the poll closed; 0 in what an earlier version wrote, which is about no closing that stands."""

    @property
    def key(self) -> str:
        return topics.seal_key(self.stream_id, self.poll_id, self.region)


class Pulse(Written, frozen=True, kw_only=True, tag_field="kind", tag="pulse"):
    """A region's sign of life (contracts.events.PulseRecord)."""

    heard: dict[str, tuple[int, int]]

    @property
    def key(self) -> str:
        return topics.pulse_key(self.region)


class ApiKey(Written, frozen=True, kw_only=True, tag_field="kind", tag="api_key"):
    """A broadcaster's key: what it may do and for how long. Only the hash of the key is kept."""

    key_id: Id
    name: Annotated[str, Meta(min_length=1, max_length=100)]
    secret_hash: Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]
    scopes: Annotated[tuple[Scope, ...], Meta(min_length=1, max_length=8)]
    created_at: Time
    expires_at: Time | None
    revoked_at: Time | None

    @property
    def key(self) -> str:
        return topics.api_key_key(self.key_id)

    def is_valid_at(self, now_ms: int) -> bool:
        """Return whether it opens anything at `now_ms`."""
        return self.revoked_at is None and (self.expires_at is None or now_ms < self.expires_at)


Record = Stream | Poll | Seal | Pulse | ApiKey

_decoder: msgspec.json.Decoder[Record] = msgspec.json.Decoder(Record)


def decode(value: bytes) -> Record:
    """Return what a record of `control` holds. Raises msgspec.MsgspecError for what is none of these."""
    return _decoder.decode(value)


def encode(record: Record) -> bytes:
    """Return the record's value."""
    return msgspec.json.encode(record)
