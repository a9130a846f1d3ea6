"""What a crowd makes each part do in a second, as counts of the things that have a measured cost."""

from dataclasses import dataclass, replace

import numpy as np

from ovation.capacity import formulae, sizes
from ovation.capacity.crowd import Crowd
from ovation.capacity.pace import Pace

PARTITIONS = 4
"""Of `reactions`, where it is a matter of how many of them a flush writes to."""
COMMANDS_OF_A_RESYNC = 5
"""Three that read a stream's state, two that write a gateway's number of viewers."""


@dataclass(frozen=True, slots=True)
class OfRedis:
    """What one Redis does in a second."""

    calls: float
    """Script calls: a stream's totals and its window, each once in a batch; and those of a poll."""
    changes: float
    """Counts of emojis in them."""
    deliveries: float
    """Messages of pub/sub, one to each gateway that watches the stream."""
    looks: float
    """Commands by which gateways keep a watched stream's picture whole, and say how many watch."""
    presence: float
    """Numbers of viewers read in them: every gateway reads those of all others."""


@dataclass(frozen=True, slots=True)
class Load:
    """Counts a second at the peak, over all gateways of one region and in what stands behind them."""

    regions: int
    taps: float
    frames: float
    """Frames with taps, by socket."""
    requests: float
    """Taps by HTTP."""
    gateways: float
    flushes: float
    batches: float
    """Of records to Kafka: a partition's records of one flush."""
    records: float
    entries: float
    """Counts of emojis in records."""
    named: float
    """Viewers who are named in records of all regions, and rows of theirs."""
    rows: float
    """Sums sent to ClickHouse: each region has its own of every region's taps."""
    kept_sums: float
    """Rows of sums that stand when those they replace are merged away."""
    redis: OfRedis
    hottest: OfRedis
    """The part of `redis` that is one stream's, the largest."""
    messages: float
    """To screens on sockets."""
    message_bytes: float
    snapshot_bytes: float
    """To those who poll, by a CDN."""
    votes: float

    @property
    def records_counted(self) -> float:
        """Records that the jobs read: those of every region's gateways."""
        return self.records * self.regions

    @property
    def votes_counted(self) -> float:
        """Votes that the jobs read."""
        return self.votes * self.regions

    @property
    def mirrored(self) -> float:
        """Records that the mirror brings, a vote counted as one: records hold several where a gateway has many."""
        return (self.regions - 1) * (self.records + self.votes)

    @property
    def rows_sent(self) -> float:
        """Rows that ClickHouse takes, without ballots."""
        return self.rows + self.named


def load(crowd: Crowd, gateways: int, pace: Pace) -> Load:
    """Return what `crowd` makes so many gateways of one region and everything behind them do."""
    regions, crowd = crowd.regions, crowd.of_a_region
    viewers, of_stream = crowd.viewers_by_stream(), crowd.gateways_by_stream(gateways)
    watched = crowd.gateways_by_stream(gateways, crowd.socket_share)
    # Whose records the jobs read: other regions' gateways are as many, and have as many viewers of each stream.
    writing = regions * of_stream
    taps = viewers * crowd.taps_per_viewer
    per_emoji = taps / crowd.emojis
    edge_taps = crowd.taps / gateways
    period = formulae.flush_period(edge_taps, pace.flush_s)
    at_edge = formulae.records(taps / of_stream, edge_taps, pace.flush_s, pace.window_s)
    entries = formulae.records(per_emoji / of_stream, edge_taps, pace.flush_s, pace.window_s)
    batch = pace.live_batch_s
    changed = (1 - formulae.empty_batch(at_edge, period, writing, batch)) / batch
    emoji_changed = (1 - formulae.empty_batch(entries, period, writing, batch)) / batch
    votes = regions * viewers * crowd.voting_share / crowd.voting_s
    polled = -np.expm1(-votes * batch) / batch
    records = float((of_stream * at_edge).sum())
    per_flush = records * period / gateways
    calls, changes = 2 * changed + polled, 2 * crowd.emojis * emoji_changed
    deliveries = watched * calls
    looks = watched * (1 / pace.presence_s + COMMANDS_OF_A_RESYNC / pace.resync_s)
    presence = watched**2 / pace.presence_s
    shown = viewers * crowd.socket_share
    news, tallies = (formulae.pictures(each, batch, crowd.interval_ms / 1e3) for each in (changed, polled))
    world_taps, world_viewers = (regions * each / crowd.streams for each in (crowd.taps, crowd.viewers))
    size, poll_size = sizes.reactions_bytes(crowd.emojis, world_taps), sizes.poll_bytes(world_viewers)
    snapshot_size = sizes.snapshot_bytes(crowd.emojis, world_taps, world_viewers)
    of_gateway = formulae.named(viewers / of_stream, 60 * taps / of_stream, pace.sample)
    redis = (calls, changes, deliveries, looks, presence)
    return Load(
        regions=regions,
        taps=crowd.taps,
        frames=crowd.taps * crowd.socket_share / crowd.taps_per_frame,
        requests=crowd.taps * (1 - crowd.socket_share) / crowd.taps_per_frame,
        gateways=gateways,
        flushes=gateways / period,
        batches=gateways / period * PARTITIONS * float(-np.expm1(per_flush * np.log1p(-1 / PARTITIONS))),
        records=records,
        entries=float((of_stream * entries).sum()) * crowd.emojis,
        named=float((writing * of_gateway).sum()) / 60,
        rows=float(formulae.rows_written(per_emoji, pace.history_batch_s).sum()) * crowd.emojis * regions,
        kept_sums=float(formulae.rows_kept(per_emoji, 3600.0).sum()) * crowd.emojis * regions / 3600,
        redis=OfRedis(*(float(each.sum()) for each in redis)),
        hottest=OfRedis(*(float(each[0]) for each in redis)),
        messages=float((shown * (news + tallies)).sum()),
        message_bytes=float((shown * (news * size + tallies * poll_size)).sum()),
        snapshot_bytes=crowd.viewers * (1 - crowd.socket_share) / crowd.poll_s * snapshot_size,
        votes=crowd.votes,
    )


def in_a_run(crowd: Crowd, gateways: int, pace: Pace, seconds: float) -> Load:
    """Return the same, a second on average, of one region's crowd that begins to tap and stops after so many seconds.

    Minutes and hours are begun and hardly used; and within the first minute every viewer who taps is new.
    """
    viewers, of_stream = crowd.viewers_by_stream(), crowd.gateways_by_stream(gateways)
    taps = viewers * crowd.taps_per_viewer
    of_gateway = formulae.named(viewers / of_stream, seconds * taps / of_stream, pace.sample, first_minute=True)
    kept = formulae.rows_kept(taps / crowd.emojis, seconds)
    return replace(
        load(crowd, gateways, pace),
        named=float((of_stream * of_gateway).sum()) / seconds,
        kept_sums=float(kept.sum()) * crowd.emojis / seconds,
    )
