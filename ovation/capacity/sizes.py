"""How many bytes a message and a vote's part of a record are: of made-up ones in the shapes of `contracts`."""

import json

from contracts.events import Vote
from contracts.messages import OptionVotes, Poll, Reactions, Snapshot

_FRAME_BYTES = 4
"""Before the text of a message that is no longer than 64 KB, without a mask (RFC 6455)."""
_OPTIONS = 4
_AT = 1_700_000_000_000


def _size(value: object) -> int:
    return len(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode())


def _reactions(emojis: int, taps: float) -> Reactions:
    names = [chr(0x1F600 + place) for place in range(emojis)]
    total, window = max(1, round(3600 * taps / emojis)), max(1, round(taps / emojis))
    return {
        "type": "reactions",
        "stream_id": "stream-0001",
        "as_of": _AT,
        "totals": dict.fromkeys(names, total),
        "window": {"start": _AT, "counts": dict.fromkeys(names, window)},
        "version": total * emojis,
    }


def _poll(votes: float) -> Poll:
    number = max(1, round(votes))
    options: list[OptionVotes] = [
        {"id": str(place), "text": "An option", "votes": number // _OPTIONS} for place in range(_OPTIONS)
    ]
    return {
        "type": "poll",
        "stream_id": "stream-0001",
        "poll_id": "poll-1",
        "status": "open",
        "options": options,
        "as_of": _AT,
        "is_final": False,
        **dict.fromkeys(("voters", "received", "version"), number),  # type: ignore[typeddict-item]
        **dict.fromkeys(("replaced", "withdrawn", "duplicate", "late", "invalid", "ineligible"), 0),
        "question": "A question of the usual length?",
        "max_choices": 1,
        "allow_change": False,
        "allow_withdraw": False,
        "results": "always",
        "opens_at": None,
        "closes_at": _AT,
    }


def reactions_bytes(emojis: int, taps: float) -> int:
    """Return the bytes of a screen's message about a stream of so many emojis, after an hour of so many taps/s."""
    return _size(_reactions(emojis, taps)) + _FRAME_BYTES


def poll_bytes(votes: float) -> int:
    """Return the bytes of a screen's message about a poll of four options with so many votes."""
    return _size(_poll(votes)) + _FRAME_BYTES


def snapshot_bytes(emojis: int, taps: float, votes: float) -> int:
    """Return the bytes of `/live` with its usual headers: reactions and a poll."""
    snapshot: Snapshot = {
        "type": "snapshot",
        "stream_id": "stream-0001",
        "as_of": _AT,
        "title": "A title of the usual length",
        "emojis": [chr(0x1F600 + place) for place in range(emojis)],
        "status": "live",
        "reactions": _reactions(emojis, taps),
        "polls": [_poll(votes)],
        "watching": 10_000,
    }
    return _size(snapshot) + 300


def vote_bytes() -> int:
    """Return the bytes of a vote in a record of many."""
    return _size(_vote()) + 1


def _vote() -> Vote:
    return {
        "stream_id": "stream-0001",
        "poll_id": "poll-1",
        "voter": "v" * 22,
        "receipt": "R" * 26,
        "at": _AT,
        "choices": 1,
        "options": _OPTIONS,
        "max_choices": 1,
        "allow_change": False,
        "allow_withdraw": False,
        "eligible": True,
        "deadline": _AT,
    }
