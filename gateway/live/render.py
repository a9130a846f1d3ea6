"""From the picture and the control table to the messages of `contracts.messages`."""

from collections.abc import Sequence

from contracts import messages
from gateway.control.model import Poll, Stream
from gateway.live.picture import EMPTY_TALLY, Picture, Tally


def reactions(stream_id: str, picture: Picture) -> messages.Reactions:
    """Return the totals and the newest window."""
    return {
        "type": "reactions",
        "stream_id": stream_id,
        "as_of": picture.as_of,
        "totals": picture.totals,
        "window": {"start": picture.window_start, "counts": picture.window},
    }


def poll(definition: Poll, tally: Tally | None, now_ms: int) -> messages.Poll:
    """Return the poll with its numbers; zeros where nobody has voted yet."""
    numbers = tally or EMPTY_TALLY
    return {
        "type": "poll",
        "stream_id": definition.stream_id,
        "poll_id": definition.poll_id,
        "status": definition.status_at(now_ms),
        "question": definition.question,
        "max_choices": definition.max_choices,
        "allow_change": definition.allow_change,
        "options": [
            {"id": option.id, "text": option.text, "votes": numbers.votes.get(option.id, 0)}
            for option in definition.options
        ],
        "voters": numbers.voters,
        "received": numbers.received,
        "replaced": numbers.replaced,
        "duplicate": numbers.duplicate,
        "late": numbers.late,
        "invalid": numbers.invalid,
        "version": numbers.version,
        "as_of": max(numbers.as_of, definition.at),
        "is_final": numbers.is_final,
    }


def snapshot(stream: Stream, polls: Sequence[Poll], picture: Picture, now_ms: int) -> messages.Snapshot:
    """Return everything that a screen shows. Its `as_of` moves only when something in it does."""
    shown = [poll(each, picture.tallies.get(each.poll_id), now_ms) for each in polls if each.status != "draft"]
    return {
        "type": "snapshot",
        "stream_id": stream.stream_id,
        "as_of": max([stream.at, picture.as_of, *(each["as_of"] for each in shown)]),
        "title": stream.title,
        "emojis": list(stream.emojis),
        "status": stream.status,
        "reactions": reactions(stream.stream_id, picture),
        "polls": shown,
    }
