"""Polls as they are written and read over HTTP. Times are epoch milliseconds, UTC."""

from typing import Annotated

import msgspec
from msgspec import UNSET, Meta, UnsetType

from contracts.limits import GRACE_MS, MAX_OPTIONS, MIN_OPTIONS
from gateway.control.model import (
    Eligibility,
    Id,
    MaxChoices,
    Option,
    OptionId,
    OptionText,
    PollStatus,
    Question,
    Results,
    Seconds,
    Time,
)

Options = Annotated[list[OptionText], Meta(min_length=MIN_OPTIONS, max_length=MAX_OPTIONS)]
Correct = Annotated[list[OptionId], Meta(max_length=MAX_OPTIONS)]


class NewPoll(msgspec.Struct, frozen=True, kw_only=True):
    """A poll to create: a draft, or scheduled to open at `opens_at`, or open at once.

    It closes at `closes_at`, or `closes_in_s` after its opening, whichever is earlier. `correct` are the right options
    of a quiz, by their numbers as text. `eligibility` maps claims of a viewer's token to the values that allow a vote.
    """

    question: Question
    options: Options
    poll_id: Id | None = None
    max_choices: MaxChoices = 1
    allow_change: bool = False
    allow_withdraw: bool = False
    results: Results = "always"
    correct: Correct = []
    eligibility: Eligibility = {}
    open: bool = False
    opens_at: Time | None = None
    closes_at: Time | None = None
    closes_in_s: Seconds | None = None


class PollChange(msgspec.Struct, frozen=True, kw_only=True):
    """What shall be different in a poll: everything else stays. A time that becomes null is no longer set."""

    question: Question | UnsetType = UNSET
    options: Options | UnsetType = UNSET
    max_choices: MaxChoices | UnsetType = UNSET
    allow_change: bool | UnsetType = UNSET
    allow_withdraw: bool | UnsetType = UNSET
    results: Results | UnsetType = UNSET
    correct: Correct | UnsetType = UNSET
    eligibility: Eligibility | UnsetType = UNSET
    opens_at: Time | UnsetType | None = UNSET
    closes_at: Time | UnsetType | None = UNSET
    closes_in_s: Seconds | UnsetType | None = UNSET


class PollAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A poll. `closes_at` is when it closed, or will by what was set; null while nobody knows.

    A vote still counts if a gateway takes it within `grace_ms` of the closing. Who has no API key learns `correct` once
    the poll is over, and `eligibility` never.
    """

    stream_id: str
    poll_id: str
    question: str
    options: tuple[Option, ...]
    max_choices: int
    allow_change: bool
    allow_withdraw: bool
    results: Results
    status: PollStatus
    created_at: int
    opens_at: int | None
    opened_at: int | None
    closes_at: int | None
    closes_in_s: int | None
    closed_at: int | None
    final_at: int | None
    revision: int
    grace_ms: int = GRACE_MS
    correct: tuple[str, ...] | UnsetType = UNSET
    eligibility: Eligibility | UnsetType = UNSET


class PollList(msgspec.Struct, frozen=True):
    """The polls of a stream, oldest first. Their numbers are in each poll's own answer."""

    polls: list[PollAnswer]


class OptionResult(msgspec.Struct, frozen=True):
    """An option, and its votes where they are shown."""

    id: str
    text: str
    votes: int | UnsetType = UNSET


class PollResults(PollAnswer, frozen=True, kw_only=True):
    """A poll with its numbers, which are not there while they are hidden. A final one has the `digest` of its ballots.

    A closed one that other regions took votes of names in `missing_regions` those of which it is not known yet whether
    all of theirs are in the numbers; it is not final before there is none.

    `received = voters + replaced + withdrawn + duplicate + late + invalid + ineligible`.
    """

    options: tuple[OptionResult, ...]  # type: ignore[assignment]
    as_of: int
    is_final: bool
    results_hidden: bool
    voters: int | UnsetType = UNSET
    received: int | UnsetType = UNSET
    replaced: int | UnsetType = UNSET
    withdrawn: int | UnsetType = UNSET
    duplicate: int | UnsetType = UNSET
    late: int | UnsetType = UNSET
    invalid: int | UnsetType = UNSET
    ineligible: int | UnsetType = UNSET
    version: int | UnsetType = UNSET
    digest: str | UnsetType = UNSET
    missing_regions: tuple[str, ...] | UnsetType = UNSET
