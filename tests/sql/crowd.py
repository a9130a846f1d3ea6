"""A small made-up evening whose truth is known: one stream with taps and a poll, and another one beside it.

Every row is written twice or more, as a job that replays does; only the row with the largest version is true.
"""

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from contracts.reactors import bound
from contracts.tables import (
    BALLOTS,
    POLLS,
    REACTION_HOURS,
    REACTION_MINUTES,
    REACTION_WINDOWS,
    REACTOR_SAMPLES,
    STREAMS,
    VIDEO_WINDOWS,
)

START = dt.datetime(2026, 1, 10, 20, 0, tzinfo=dt.UTC)
STREAM, OTHER, POLL = "finals", "rehearsal", "mvp"
OPTIONS = {"1": "Ada", "2": "Grace", "3": "Hedy", "4": "Nobody"}
ULID_DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


@dataclass(frozen=True)
class Window:
    stream_id: str
    second: int
    emoji: str
    region: str
    reactions: int

    @property
    def start(self) -> dt.datetime:
        return START + dt.timedelta(seconds=self.second)


@dataclass(frozen=True)
class Ballot:
    voter: str
    choices: tuple[str, ...]
    first_second: int
    last_second: int
    standing_second: int | None
    replaced: int = 0
    duplicate: int = 0
    late: int = 0
    invalid: int = 0
    ineligible: int = 0

    @property
    def outcome(self) -> str:
        if self.standing_second is not None:
            return "counted" if self.choices else "withdrawn"
        return "late" if self.late else "ineligible" if self.ineligible else "invalid"

    @property
    def counted_second(self) -> int | None:
        return self.standing_second if self.choices else None

    @property
    def attempts(self) -> int:
        refused = self.late + self.invalid + self.ineligible
        return (self.standing_second is not None) + self.replaced + self.duplicate + refused

    @property
    def attempts_in(self) -> dict[str, int]:
        """What was refused as a second vote came by the US, and all that some viewers sent."""
        in_us = self.duplicate or (self.attempts if self.voter.endswith("3") else 0)
        return {region: votes for region, votes in (("eu", self.attempts - in_us), ("us", in_us)) if votes}

    @property
    def receipt(self) -> str:
        return "" if self.standing_second is None else ulid(self.standing_second, self.voter)


WINDOWS = [
    *(
        Window(STREAM, second, emoji, region, 1 + (second * weight) % 7 + (40 if second == 95 else 0))
        for second in range(0, 240, 5)
        if not 120 <= second < 180
        for emoji, weight in (("🔥", 3), ("👏", 2))
        for region in ("eu", "us")
    ),
    *(Window(OTHER, second, "🔥", "eu", 2) for second in range(60)),
]
BALLOTS_CAST = [
    *(Ballot(f"once-{n:02}", (str(1 + n % 2),), n, n, n) for n in range(20)),
    *(Ballot(f"both-{n:02}", ("1", "3"), 20 + n, 20 + n, 20 + n) for n in range(4)),
    *(Ballot(f"twice-{n:02}", ("2",), 5 + n, 40 + n, 5 + n, duplicate=1 + n % 2) for n in range(5)),
    *(Ballot(f"changed-{n:02}", ("1",), 8 + n, 30 + n, 30 + n, replaced=2) for n in range(3)),
    *(Ballot(f"late-{n:02}", (), 60 + n, 60 + n, None, late=1) for n in range(2)),
    Ballot("wrong-00", (), 12, 13, None, invalid=2),
    *(Ballot(f"back-{n:02}", (), 14 + n, 35 + n, 35 + n, replaced=1 + n, late=n) for n in range(3)),
    *(Ballot(f"guest-{n:02}", (), 16 + n, 18 + n, None, invalid=1, ineligible=1) for n in range(2)),
]


def ulid(second: int, seed: str) -> str:
    """A ULID of that second: 10 digits of time, 16 that tell receipts apart."""
    number = int((START + dt.timedelta(seconds=second)).timestamp() * 1000)
    time = "".join(ULID_DIGITS[number >> shift & 31] for shift in range(45, -5, -5))
    return time + "".join(ULID_DIGITS[ord(sign) % 32] for sign in seed.ljust(16, "0")[:16])


def insert_all(client: Any) -> None:
    """Write the evening as the jobs do: Arrow, several times over, the truth not always last."""
    for stage in (1, 3, 2):
        client.insert_arrow(f"ovation.{REACTION_WINDOWS}", _sums(stage, "window_start", 1))
        client.insert_arrow(f"ovation.{REACTION_MINUTES}", _sums(stage, "minute_start", 60))
        client.insert_arrow(f"ovation.{REACTION_HOURS}", _sums(stage, "hour_start", 3_600))
        client.insert_arrow(f"ovation.{VIDEO_WINDOWS}", _video(stage))
        client.insert_arrow(f"ovation.{REACTOR_SAMPLES}", _reactors())
        client.insert_arrow(f"ovation.{BALLOTS}", _ballots(stage))
        client.insert_arrow(f"ovation.{STREAMS}", _streams(stage))
        client.insert_arrow(f"ovation.{POLLS}", _polls(stage))


def taps(stream_id: str = STREAM) -> Counter[tuple[int, str]]:
    """Taps by second and emoji, of all regions."""
    counted: Counter[tuple[int, str]] = Counter()
    for window in WINDOWS:
        if window.stream_id == stream_id:
            counted[window.second, window.emoji] += window.reactions
    return counted


def in_the_video(window: Window) -> int | None:
    """The second of the video that the viewers of a window saw, if they said it: those in the US lag by ten seconds."""
    return None if window.stream_id != STREAM else max(0, window.second - (10 if window.region == "us" else 0))


def reactors(minute: int) -> range:
    """Viewers who tapped in a minute of the stream: 300 at first, of whom half come back, and some who are new."""
    return {0: range(300), 1: range(150, 350), 3: range(200, 210)}.get(minute, range(0))


def _sums(stage: int, column: str, length_s: int) -> pa.Table:
    sums: Counter[tuple[str, int, str, str]] = Counter()
    for window in WINDOWS:
        sums[window.stream_id, window.second // length_s * length_s, window.emoji, window.region] += window.reactions
    return _table(
        {
            "stream_id": stream_id,
            column: START + dt.timedelta(seconds=second),
            "emoji": emoji,
            "region": region,
            "reactions": reactions if stage == 3 else reactions // 2,
            "version": stage,
        }
        for (stream_id, second, emoji, region), reactions in sums.items()
    )


def _video(stage: int) -> pa.Table:
    sums: Counter[tuple[str, int, str, str]] = Counter()
    for window in WINDOWS:
        second = in_the_video(window)
        if second is not None:
            sums[window.stream_id, second, window.emoji, window.region] += window.reactions
    return _table(
        {
            "stream_id": stream_id,
            "playback_ms": second * 1_000,
            "emoji": emoji,
            "region": region,
            "reactions": reactions if stage == 3 else reactions // 2,
            "version": stage,
        }
        for (stream_id, second, emoji, region), reactions in sums.items()
    )


def _reactors() -> pa.Table:
    """In minute 1 the gateway kept one viewer in two from the 100th one on; before, and after, all of them."""
    rows = []
    for minute in range(4):
        for place, viewer in enumerate(reactors(minute)):
            level = int(minute == 1 and place >= 100)
            # Every second viewer has a hash in the lower half, which is what is kept at level 1.
            reactor = viewer + (viewer % 2 << 51)
            if reactor < bound(level):
                start = START + dt.timedelta(minutes=minute)
                rows.append({"stream_id": STREAM, "minute_start": start, "reactor": reactor, "level": level})
    return _table(rows)


def _ballots(stage: int) -> pa.Table:
    by_region = [list(ballot.attempts_in.items()) if stage == 3 else [("eu", 9)] for ballot in BALLOTS_CAST]
    table = _table(
        {
            "stream_id": STREAM,
            "poll_id": POLL,
            "voter": ballot.voter,
            "choices": list(ballot.choices) if stage == 3 else ["4"],
            "first_voted_at": START + dt.timedelta(seconds=ballot.first_second),
            "last_voted_at": START + dt.timedelta(seconds=ballot.last_second),
            "attempts": ballot.attempts if stage == 3 else 9,
            "outcome": ballot.outcome if stage == 3 else "counted",
            "replaced": ballot.replaced,
            "duplicate": ballot.duplicate,
            "late": ballot.late,
            "invalid": ballot.invalid,
            "ineligible": ballot.ineligible,
            "receipt": ballot.receipt,
            "playback_ms": None if ballot.standing_second is None else ballot.standing_second * 1_000,
            "version": stage,
        }
        for ballot in BALLOTS_CAST
    )
    return table.append_column("attempts_in", pa.array(by_region, pa.map_(pa.string(), pa.uint32())))


def _streams(stage: int) -> pa.Table:
    return _table(
        {
            "stream_id": stream_id,
            "title": title if stage == 3 else "Untitled",
            "emojis": ["🔥", "👏"],
            "status": "live",
            "region": "eu",
            "created_at": START,
            "ended_at": None,
            "version": stage,
        }
        for stream_id, title in ((STREAM, "The finals"), (OTHER, "Rehearsal"))
    )


def _polls(stage: int) -> pa.Table:
    return _table(
        [
            {
                "stream_id": STREAM,
                "poll_id": POLL,
                "question": "Player of the match?",
                "option_ids": list(OPTIONS),
                "option_texts": list(OPTIONS.values()) if stage == 3 else ["?"] * len(OPTIONS),
                "max_choices": 2,
                "allow_change": True,
                "allow_withdraw": True,
                "results": "always",
                "correct": [],
                "eligibility": '{"tier":["member"]}',
                "status": "open",
                "created_at": START,
                "opens_at": None,
                "opened_at": START,
                "closes_at": None,
                "closed_at": None,
                "final_at": None,
                "version": stage,
            }
        ]
    )


def _table(rows: Any) -> pa.Table:
    table = pa.Table.from_pylist(list(rows))
    times = [name for name in table.schema.names if name.endswith("_at") or name.endswith("_start")]
    for name in times:
        index = table.schema.get_field_index(name)
        table = table.set_column(index, name, table[name].cast(pa.timestamp("ms", "UTC")))
    return table
