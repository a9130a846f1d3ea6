"""Messages on the socket, on SSE and on Redis pub/sub. Every number is absolute, so a missed message heals itself.

Times are milliseconds since the epoch, UTC.
"""

from typing import Literal, NotRequired, TypedDict


class WindowCounts(TypedDict):
    """Taps of one window; `start` is when it began."""

    start: int
    counts: dict[str, int]


class Reactions(TypedDict):
    """Totals since the stream began, and the newest window.

    `version`, on a screen, is the sum of the totals, so it never goes back.
    """

    type: Literal["reactions"]
    stream_id: str
    as_of: int
    totals: dict[str, int]
    window: WindowCounts
    version: NotRequired[int]


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
    While the poll's rules hide its results, or the gateway has not read them yet (`results_hidden`), no number of it is
    there. `correct` is there once a quiz is over. Where other regions took votes than the one that runs the poll,
    `received_in` says how many each: numbers in which one region is behind lack votes, whatever their `version`, and do
    while that region is cut off. On Redis alone, `buckets` says how many votes each bucket of voters
    (contracts.buckets) has received: numbers of which one bucket is behind are not newer, whatever their `version`.
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
    buckets: NotRequired[dict[str, int]]
    received_in: NotRequired[dict[str, int]]
    question: NotRequired[str]
    max_choices: NotRequired[int]
    allow_change: NotRequired[bool]
    allow_withdraw: NotRequired[bool]
    results: NotRequired[str]
    results_hidden: NotRequired[bool]
    opens_at: NotRequired[int | None]
    closes_at: NotRequired[int | None]
    correct: NotRequired[list[str]]


POLL_NUMBERS = ("voters", "received", "replaced", "withdrawn", "duplicate", "late", "invalid", "ineligible")
"""Numbers of a `Poll` beside those of its options; none of them is there while results are hidden."""


class Presence(TypedDict):
    """How many viewers watch, over all gateways."""

    type: Literal["presence"]
    stream_id: str
    watching: int
    as_of: int


class Welcome(TypedDict):
    """What a socket is told of itself, behind its snapshot.

    `edge` names this life of the gateway; `expires_at` is when the token ends, and with it the socket. `regions` are
    where the gateways of other regions are: who cannot get back to this one goes on there.
    """

    type: Literal["welcome"]
    edge: str
    interval_ms: int
    expires_at: int
    regions: NotRequired[list[str]]


class Snapshot(TypedDict):
    """The whole live picture of a stream, sent first on every connection.

    `numbers_known` is there, and False, while the gateway has never read the stream's numbers: it has just started, and
    Redis does not answer. What is missing then is not zero; a screen keeps what it has.
    """

    type: Literal["snapshot"]
    stream_id: str
    as_of: int
    title: str
    emojis: list[str]
    status: str
    reactions: Reactions
    polls: list[Poll]
    watching: NotRequired[int]
    numbers_known: NotRequired[Literal[False]]
