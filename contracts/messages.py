"""Messages on the socket, on SSE and on Redis pub/sub. Every number is absolute, so a missed message heals itself.

Times are milliseconds since the epoch, UTC.
"""

from typing import Literal, NotRequired, TypedDict


class WindowCounts(TypedDict):
    """Taps of one window; `start` is when it began."""

    start: int
    counts: dict[str, int]


class Reactions(TypedDict):
    """Totals since the stream began, and the newest window."""

    type: Literal["reactions"]
    stream_id: str
    as_of: int
    totals: dict[str, int]
    window: WindowCounts


class OptionVotes(TypedDict):
    """One option's votes. `text` is there when the sender knows it: on the socket, but not on pub/sub. `votes` is not
    there where results are hidden.
    """

    id: str
    votes: NotRequired[int]
    text: NotRequired[str]


class Poll(TypedDict):
    """A poll's tally.

    `received = voters + replaced + withdrawn + duplicate + late + invalid + ineligible`, and `version` never goes back.
    While the poll's rules hide its results (`results_hidden`), no number of it is there. `correct` is there once a quiz
    is over.
    """

    type: Literal["poll"]
    stream_id: str
    poll_id: str
    status: str
    options: list[OptionVotes]
    as_of: int
    is_final: bool
    voters: NotRequired[int]
    received: NotRequired[int]
    replaced: NotRequired[int]
    withdrawn: NotRequired[int]
    duplicate: NotRequired[int]
    late: NotRequired[int]
    invalid: NotRequired[int]
    ineligible: NotRequired[int]
    version: NotRequired[int]
    question: NotRequired[str]
    max_choices: NotRequired[int]
    allow_change: NotRequired[bool]
    allow_withdraw: NotRequired[bool]
    results: NotRequired[str]
    results_hidden: NotRequired[bool]
    opens_at: NotRequired[int | None]
    closes_at: NotRequired[int | None]
    correct: NotRequired[list[str]]


class Snapshot(TypedDict):
    """The whole live picture of a stream, sent first on every connection."""

    type: Literal["snapshot"]
    stream_id: str
    as_of: int
    title: str
    emojis: list[str]
    status: str
    reactions: Reactions
    polls: list[Poll]
