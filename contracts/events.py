"""Events in Kafka, as Python types. `contracts/schemas` says the same with every bound, for any language.

`v` is the version of a record: a reader refuses one that it does not know, and a new field does not change it.
"""

from typing import Literal, TypedDict


class ReactionsRecord(TypedDict):
    """Value of a record in `reactions`: the taps of one stream that one gateway added up in one flush.

    All of them belong to the window that holds `at`. Key: the stream id.
    """

    v: Literal[1]
    stream_id: str
    region: str
    edge: str
    at: int
    counts: dict[str, int]


class Vote(TypedDict):
    """One vote. `receipt` sorts by the time of the vote, and decides which of a voter's votes counts.

    The poll's rules travel with it, so that the job joins nothing: how many `options` there are, whether a later vote
    replaces the first (`allow_change`), and when the poll closes by itself (`closes_at`, null if it does not).
    """

    stream_id: str
    poll_id: str
    voter: str
    receipt: str
    at: int
    choices: int
    options: int
    allow_change: bool
    closes_at: int | None


class VotesRecord(TypedDict):
    """Value of a record in `votes`: a micro-batch of votes that belong to one partition. No key."""

    v: Literal[1]
    region: str
    edge: str
    votes: list[Vote]


class StreamRecord(TypedDict):
    """Value of a record in `control` under `contracts.topics.stream_key`."""

    v: Literal[1]
    kind: Literal["stream"]
    region: str
    edge: str
    at: int
    stream_id: str
    title: str
    emojis: list[str]
    status: Literal["live", "ended"]
    created_at: int
    ended_at: int | None


class PollOption(TypedDict):
    """An option as the broadcaster wrote it."""

    id: str
    text: str


class PollRecord(TypedDict):
    """Value of a record in `control` under `contracts.topics.poll_key`."""

    v: Literal[1]
    kind: Literal["poll"]
    region: str
    edge: str
    at: int
    stream_id: str
    poll_id: str
    question: str
    options: list[PollOption]
    max_choices: int
    allow_change: bool
    results: Literal["always"]
    status: Literal["draft", "open", "closed", "cancelled"]
    created_at: int
    opened_at: int | None
    closes_at: int | None
    closed_at: int | None
