"""Events in Kafka, as Python types. `contracts/schemas` says the same with every bound, for any language.

`v` is the version of a record: a reader refuses one that it does not know, and a new field does not change it.
"""

from typing import Literal, NotRequired, TypedDict


class ReactorSample(TypedDict):
    """Viewers whose first taps of a minute are in a record, as a sample (contracts.reactors)."""

    level: int
    hashes: list[int]


class ReactionsRecord(TypedDict):
    """Value of a record in `reactions`: the taps of one stream that one gateway added up in one flush.

    All of them belong to the window that holds `at`. Key: the stream id. Those of `counts` whose viewers said where in
    the video they were are in `video`, too, by its second.
    """

    v: Literal[1]
    stream_id: str
    region: str
    edge: str
    at: int
    counts: dict[str, int]
    video: NotRequired[dict[str, dict[str, int]]]
    reactors: NotRequired[ReactorSample]


class Vote(TypedDict):
    """One vote, or, with no `choices`, a withdrawal. `receipt` sorts by the time of the vote, and decides which of a
    voter's votes counts.

    The poll's rules travel with it, so that the job joins nothing: how many `options` there are, how many may be
    chosen, whether a later vote replaces the first (`allow_change`) or may take it back (`allow_withdraw`), whether the
    viewer's claims let it vote (`eligible`), and the last moment that counts (`deadline`, grace included; null if none
    is set). `playback_ms` is where in the video it was cast, as the viewer said.
    """

    stream_id: str
    poll_id: str
    voter: str
    receipt: str
    at: int
    choices: int
    options: int
    max_choices: int
    allow_change: bool
    allow_withdraw: bool
    eligible: bool
    deadline: int | None
    playback_ms: NotRequired[int]


class VotesRecord(TypedDict):
    """Value of a record in `votes`: a micro-batch of votes that belong to one partition. No key."""

    v: Literal[1]
    region: str
    edge: str
    votes: list[Vote]


class ControlRecord(TypedDict):
    """What every value of a record in `control` says: who wrote it and when, and how often its key was written."""

    v: Literal[1]
    region: str
    edge: str
    at: int
    revision: int


class StreamRecord(ControlRecord):
    """Value of a record in `control` under `contracts.topics.stream_key`.

    Of two records with one `revision` the first stands.
    """

    kind: Literal["stream"]
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


class PollResult(TypedDict):
    """The numbers of a final poll: live tally and recount agreed on them. `votes` are in the order of the options;
    `digest` is that of the list of ballots (contracts.ballots).
    """

    votes: list[int]
    voters: int
    received: int
    replaced: int
    withdrawn: int
    duplicate: int
    late: int
    invalid: int
    ineligible: int
    digest: str


class PollRecord(ControlRecord):
    """Value of a record in `control` under `contracts.topics.poll_key`. Of two with one `revision` the first stands.

    `correct` are the right options of a quiz. `eligibility` names claims and the values that let a viewer vote.
    `voter_salt` makes the poll's voter key; a final or cancelled poll has none, and nobody can make it again.
    """

    kind: Literal["poll"]
    stream_id: str
    poll_id: str
    question: str
    options: list[PollOption]
    max_choices: int
    allow_change: bool
    allow_withdraw: bool
    results: Literal["always", "after_vote", "after_close"]
    correct: list[str]
    eligibility: dict[str, list[str | int | bool]]
    status: Literal["draft", "scheduled", "open", "paused", "closed", "final", "cancelled"]
    created_at: int
    opens_at: int | None
    opened_at: int | None
    closes_at: int | None
    closes_in_s: int | None
    closed_at: int | None
    final_at: int | None
    voter_salt: str | None
    result: PollResult | None


class SealRecord(ControlRecord):
    """Value of a record in `control` under `contracts.topics.seal_key`: a region takes no more votes of a closed poll.

    `received` is how many it has acknowledged, by bucket of voters (contracts.buckets): who has as many of each from
    that region has every one of them, since a bucket's votes keep their order. `closing` is when the poll closed, in ms
    since the epoch: of another closing of the same poll it says nothing.
    """

    kind: Literal["seal"]
    stream_id: str
    poll_id: str
    closing: int
    received: dict[str, int]


class PulseRecord(ControlRecord):
    """Value of a record in `control` under `contracts.topics.pulse_key`: a region's sign of life to the others.

    `heard` says of each other region when its newest pulse was written, and when it was read here, each by its own
    clock in ms.
    """

    kind: Literal["pulse"]
    heard: dict[str, list[int]]


class ApiKeyRecord(ControlRecord):
    """Value of a record in `control` under `contracts.topics.api_key_key`. Of the key itself, only the hash is kept."""

    kind: Literal["api_key"]
    key_id: str
    name: str
    secret_hash: str
    scopes: list[str]
    created_at: int
    expires_at: int | None
    revoked_at: int | None
