"""Who was there in a made-up stream: viewers who come and go, lag behind, tap and vote in one poll."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from contracts.reactors import SAMPLE, bound
from contracts.tables import BALLOTS, POLLS, REACTOR_SAMPLES, VIDEO_WINDOWS
from ovation.seed.streams import Past

POLL = "favourite"
OPTIONS = ("The first one", "The second one", "Neither")
_TAPS_PER_VIEWER_S = 0.02
_LAG_S = 8
"""How far viewers are behind the wall clock."""
_SAYING = 0.6
"""Share of taps whose viewers say where in the video they are."""
_CHANGED, _LATE = 0.05, 0.02
_MOST_VOTERS = 5_000

_MOMENT = pa.timestamp("ms", tz="UTC")
_ULID = np.array(list("0123456789ABCDEFGHJKMNPQRSTVWXYZ"))


@dataclass(frozen=True, slots=True)
class People:
    """Rows of other tables for one stream, by the table's name."""

    tables: Mapping[str, pa.Table]


def people(seed: int, stream_id: str, past: Past, begin: dt.datetime, windows: pa.Table) -> People:
    """Return who tapped the `windows` of a stream that began at `begin`, where in the video, and how they voted."""
    random = np.random.default_rng((seed, past.number, 2))
    viewers = max(3, int(past.taps_per_s / _TAPS_PER_VIEWER_S))
    return People(
        {
            VIDEO_WINDOWS: _video(random, begin, windows),
            REACTOR_SAMPLES: _reactors(random, stream_id, past, begin, viewers),
            POLLS: _polls(stream_id, past, begin),
            BALLOTS: _ballots(random, stream_id, past, begin, viewers),
        }
    )


def _video(random: np.random.Generator, begin: dt.datetime, windows: pa.Table) -> pa.Table:
    starts = np.asarray(windows["window_start"].cast(pa.int64())) - int(begin.timestamp() * 1_000)
    saying = random.binomial(np.asarray(windows["reactions"]).astype(np.int64), _SAYING)
    kept = saying > 0
    table = pa.table(
        {
            "stream_id": windows["stream_id"],
            "playback_ms": pa.array(np.maximum(starts - _LAG_S * 1_000, 0), pa.uint32()),
            "emoji": windows["emoji"],
            "region": windows["region"],
            "reactions": pa.array(saying, pa.uint64()),
        }
    ).filter(pa.array(kept))
    keys = ["stream_id", "playback_ms", "emoji", "region"]
    sums = table.group_by(keys).aggregate([("reactions", "sum")])
    return sums.select([*keys, "reactions_sum", "reactions_sum"]).rename_columns([*keys, "reactions", "version"])


def _reactors(random: np.random.Generator, stream_id: str, past: Past, begin: dt.datetime, viewers: int) -> pa.Table:
    """Return the sample that a gateway would have named: viewers stay for a while, and tap in some of the minutes."""
    level = 0
    while viewers >> level > SAMPLE:
        level += 1
    hashes = random.integers(0, bound(level), max(1, viewers >> level), dtype=np.uint64)
    minutes = max(1, past.duration_s // 60)
    came = random.integers(0, max(1, minutes // 2), len(hashes))
    left = came + random.geometric(2 / minutes, len(hashes))
    rows = [
        (minute, hashes[(came <= minute) & (minute < left) & (random.random(len(hashes)) < 0.5)])
        for minute in range(minutes)
    ]
    starts = np.concatenate([np.full(len(found), int(begin.timestamp()) + 60 * minute) for minute, found in rows])
    reactors = np.concatenate([found for _, found in rows])
    return pa.table(
        {
            "stream_id": pa.array([stream_id] * len(reactors), pa.string()),
            "minute_start": pa.array(starts, pa.int64()).cast(pa.timestamp("s", tz="UTC")),
            "reactor": pa.array(reactors, pa.uint64()),
            "level": pa.array(np.full(len(reactors), level), pa.uint8()),
        }
    )


def _polls(stream_id: str, past: Past, begin: dt.datetime) -> pa.Table:
    opened, closed = _open(past, begin)
    times = {"created_at": opened, "opens_at": None, "opened_at": opened}
    times |= {"closes_at": None, "closed_at": closed, "final_at": closed + dt.timedelta(seconds=5)}
    row = {
        "stream_id": stream_id,
        "poll_id": POLL,
        "question": f"{past.title}: which one is it?",
        "option_ids": [str(number) for number in range(1, len(OPTIONS) + 1)],
        "option_texts": list(OPTIONS),
        "max_choices": 1,
        "allow_change": True,
        "allow_withdraw": False,
        "results": "always",
        "correct": [],
        "eligibility": "{}",
        "status": "final",
        **times,
        "version": 3,
    }
    schema = {name: _MOMENT if name in times else None for name in row}
    columns = {name: pa.array([value], schema[name]) for name, value in row.items() if name != "correct"}
    return pa.table({**columns, "correct": pa.array([[]], pa.list_(pa.string()))})


def _open(past: Past, begin: dt.datetime) -> tuple[dt.datetime, dt.datetime]:
    """Return when the poll opened and closed: five minutes in the middle."""
    opened = begin + dt.timedelta(seconds=past.duration_s // 2)
    return opened, opened + dt.timedelta(minutes=5)


def _ballots(random: np.random.Generator, stream_id: str, past: Past, begin: dt.datetime, viewers: int) -> pa.Table:
    size = min(max(1, viewers // 3), _MOST_VOTERS)
    opened, closed = (int(moment.timestamp() * 1_000) for moment in _open(past, begin))
    # Most vote at once, some take their time.
    first = opened + np.minimum(random.exponential(40_000, size), closed - opened - 1).astype(np.int64)
    late = random.random(size) < _LATE
    changed = (random.random(size) < _CHANGED) & ~late
    first = np.where(late, closed + 1_000 + random.integers(0, 20_000, size), first)
    last = np.where(changed, np.minimum(first + random.integers(1_000, 60_000, size), closed), first)
    options = random.choice(len(OPTIONS), size, p=random.dirichlet([4, 3, 1])) + 1
    attempts = 1 + changed.astype(np.int64)
    zeros = pa.array(np.zeros(size), pa.uint32())
    return pa.table(
        {
            "stream_id": pa.array([stream_id] * size),
            "poll_id": pa.array([POLL] * size),
            "voter": pa.array([f"{number:022d}" for number in random.integers(0, 2**62, size)]),
            "choices": pa.array(
                [[] if is_late else [str(one)] for one, is_late in zip(options, late, strict=True)],
                pa.list_(pa.string()),  # else of a poll without a choice it is a list of nothing
            ),
            "first_voted_at": pa.array(first, pa.int64()).cast(_MOMENT),
            "last_voted_at": pa.array(last, pa.int64()).cast(_MOMENT),
            "attempts": pa.array(attempts, pa.uint32()),
            "outcome": pa.array(np.where(late, "late", "counted")),
            "receipt": pa.array(["" if is_late else _ulid(at, random) for at, is_late in zip(last, late, strict=True)]),
            "playback_ms": pa.array(np.maximum(first - int(begin.timestamp() * 1_000), 0), pa.uint32(), mask=late),
            "replaced": pa.array(changed.astype(np.int64), pa.uint32()),
            "duplicate": zeros,
            "late": pa.array(late.astype(np.int64), pa.uint32()),
            "invalid": zeros,
            "ineligible": zeros,
            "version": pa.array(attempts, pa.uint64()),
        }
    )


def _ulid(at_ms: int, random: np.random.Generator) -> str:
    """Return a ULID of that time: 48 bits of milliseconds, and chance."""
    time = "".join(_ULID[int(at_ms) >> shift & 31] for shift in range(45, -5, -5))
    return time + "".join(_ULID[random.integers(0, 32, 16)])
