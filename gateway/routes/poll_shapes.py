"""Polls as they are written and read over HTTP."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from contracts.limits import MAX_OPTIONS, MAX_POLL_MS, MIN_OPTIONS
from gateway.control.model import Id, MaxChoices, Option, OptionText, PollStatus, Question


class NewPoll(msgspec.Struct, frozen=True):
    """A poll to create: a draft, or open at once. `closes_in_s` counts from its opening."""

    question: Question
    options: Annotated[list[OptionText], Meta(min_length=MIN_OPTIONS, max_length=MAX_OPTIONS)]
    poll_id: Id | None = None
    max_choices: MaxChoices = 1
    allow_change: bool = False
    results: Literal["always", "after_vote", "after_close"] = "always"
    closes_in_s: Annotated[int, Meta(ge=1, le=MAX_POLL_MS // 1000)] | None = None
    open: bool = False


class PollAnswer(msgspec.Struct, frozen=True):
    """A poll. Times are epoch milliseconds; in a draft, `closes_at` is as if it had opened when it was created."""

    stream_id: str
    poll_id: str
    question: str
    options: tuple[Option, ...]
    max_choices: int
    allow_change: bool
    results: str
    status: PollStatus
    created_at: int
    opened_at: int | None
    closes_at: int | None
    closed_at: int | None


class OptionResult(msgspec.Struct, frozen=True):
    """An option and its votes."""

    id: str
    text: str
    votes: int


class PollResults(PollAnswer, frozen=True):
    """A poll with its numbers. `received = voters + replaced + duplicate + late + invalid`."""

    options: tuple[OptionResult, ...]  # type: ignore[assignment]
    voters: int
    received: int
    replaced: int
    duplicate: int
    late: int
    invalid: int
    version: int
    as_of: int
    is_final: bool
