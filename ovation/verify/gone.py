"""What is gone of an old stream though nothing is wrong: live numbers that have expired, and rows that are not kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import redis

from contracts import redis_keys
from contracts.redis_keys import STREAM_TTL_S
from contracts.tables import DATABASE, REACTIONS_BY_HOUR_VIEW, VOTES_VIEW
from ovation.retention.kept import kept
from ovation.retention.wishes import SHORTEST_DAYS
from ovation.retention.wishes import Span as Kept

DAY_S = 86_400

# Only names of contracts.tables are put into these texts; the stream is a parameter. Of no rows, the last is NULL.
_HOURS = f"""
SELECT dateDiff('second', minOrNull(hour_start), now()), dateDiff('second', maxOrNull(hour_start), now())
FROM {DATABASE}.{REACTIONS_BY_HOUR_VIEW}
WHERE stream_id = {{stream_id:String}}
"""  # noqa: S608

_VOTES = f"""
SELECT dateDiff('second', maxOrNull(last_voted_at), now())
FROM {DATABASE}.{VOTES_VIEW}
WHERE stream_id = {{stream_id:String}}
"""  # noqa: S608


@dataclass(frozen=True, slots=True)
class Gone:
    """What cannot be compared any more."""

    live: bool = False
    """Whether Redis has let go of the stream, and with it the gateway."""
    windows: bool = False
    minutes: bool = False

    def sentences(self) -> list[str]:
        """Return what is left out of a comparison, and why."""
        found = []
        if self.live:
            days = STREAM_TTL_S // DAY_S
            found.append(f"Left out: live and gateway, which let go of a stream {days} days after its last change.")
        if self.windows:
            found.append("Left out: windows, which are not kept for so long; history's totals are those of its hours.")
        if self.minutes:
            found.append("Left out: history by minute, as minutes are not kept for so long.")
        return found


NOTHING_GONE = Gone()


def gone(store: redis.Redis, client: Any, stream_id: str, poll_ids: Sequence[str]) -> Gone:
    """Return what is gone of a stream; `client` is one of clickhouse-connect's.

    Raises redis.RedisError, ClickHouseError, or OvationError where a table is missing.
    """
    parameters = {"stream_id": stream_id}
    [(began_s, tapped_s)] = client.query(_HOURS, parameters=parameters).result_rows
    [(voted_s,)] = client.query(_VOTES, parameters=parameters).result_rows
    changed_s = min((age_s for age_s in (tapped_s, voted_s) if age_s is not None), default=0)
    removed = _removed(client, began_s or 0)
    return Gone(
        live=changed_s > STREAM_TTL_S and not _is_held(store, stream_id, poll_ids),
        windows="windows" in removed,
        minutes="minutes" in removed,
    )


def _is_held(store: redis.Redis, stream_id: str, poll_ids: Sequence[str]) -> bool:
    with store.pipeline(transaction=False) as pipeline:
        pipeline.exists(redis_keys.reactions(stream_id))
        for poll_id in poll_ids:
            pipeline.exists(redis_keys.poll(stream_id, poll_id))
        return any(pipeline.execute())


def _removed(client: Any, age_s: int) -> set[str]:
    """Return the kinds of ovation.retention of which rows of that age may have been removed."""
    # Nobody keeps them for less, and most streams are younger: the tables need not be looked at.
    if age_s < SHORTEST_DAYS * DAY_S:
        return set()
    return {table.kind for table in kept(client) if _may_be_removed(client, table.span, age_s)}


def _may_be_removed(client: Any, span: Kept | str | None, age_s: int) -> bool:
    if isinstance(span, Kept):
        # A year is as long as ClickHouse says.
        return bool(client.command(f"SELECT now() - toIntervalSecond({age_s}) + {span.interval} < now()"))
    # By a rule that somebody else wrote, they may.
    return span is not None
