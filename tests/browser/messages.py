"""Messages of a made-up stream, in the shapes of `contracts.messages`."""

from collections.abc import Mapping, Sequence
from typing import Any, cast

from contracts import messages

STREAM = "finale"
TITLE = "Sunday final, live from the lake"
EMOJIS = ("🔥", "👏", "😂", "😮", "💙", "🎉")
QUESTION = "Who scores the next goal?"
OPTIONS = ("Ada", "Bela", "Chidi")
NOW = 1_700_000_000_000
"""Long ago, so that no clock takes it for the time."""


def reactions(totals: Mapping[str, int]) -> messages.Reactions:
    """Return these totals, in a message as the gateway pushes it."""
    return {
        "type": "reactions",
        "stream_id": STREAM,
        "as_of": NOW,
        "totals": dict(totals),
        "window": {"start": NOW, "counts": {}},
    }


def poll(
    votes: Sequence[int] = (0, 0, 0),
    *,
    version: int | None = None,
    status: str = "open",
    poll_id: str = "goal",
    question: str = QUESTION,
    options: Sequence[str] = OPTIONS,
    max_choices: int = 1,
    voters: int | None = None,
    **more: Any,
) -> messages.Poll:
    """Return a poll with these votes; without a version, one for each vote. `more` are members to add or replace."""
    counted = sum(votes) if voters is None else voters
    poll: messages.Poll = {
        "type": "poll",
        "stream_id": STREAM,
        "poll_id": poll_id,
        "status": status,
        "question": question,
        "max_choices": max_choices,
        "allow_change": False,
        "allow_withdraw": False,
        "results": "always",
        "closes_at": None,
        "options": [
            {"id": str(number), "text": text, "votes": count}
            for number, (text, count) in enumerate(zip(options, votes, strict=True), start=1)
        ],
        "voters": counted,
        "received": counted,
        "replaced": 0,
        "withdrawn": 0,
        "duplicate": 0,
        "late": 0,
        "invalid": 0,
        "ineligible": 0,
        "version": sum(votes) if version is None else version,
        "as_of": NOW,
        "is_final": status == "final",
    }
    return cast(messages.Poll, {**poll, **more})


def hidden(results: str, **more: Any) -> messages.Poll:
    """Return a poll as it is shown to those who may not see its results: without any number."""
    whole = poll(results=results, results_hidden=True, **more)
    options = [{"id": option["id"], "text": option["text"]} for option in whole["options"]]
    numbers = {
        "voters",
        "received",
        "replaced",
        "withdrawn",
        "duplicate",
        "late",
        "invalid",
        "ineligible",
        "version",
    }
    rest = {name: value for name, value in whole.items() if name not in numbers}
    return cast(messages.Poll, {**rest, "options": options})


def snapshot(
    totals: Mapping[str, int] | None = None,
    polls: Sequence[messages.Poll] = (),
    status: str = "live",
    title: str = TITLE,
    emojis: Sequence[str] = EMOJIS,
    watching: int = 1,
) -> messages.Snapshot:
    """Return the whole picture of the stream."""
    picture = {
        "type": "snapshot",
        "stream_id": STREAM,
        "as_of": NOW,
        "title": title,
        "emojis": list(emojis),
        "status": status,
        "reactions": reactions(totals or {}),
        "polls": list(polls),
        "watching": watching,
    }
    return cast(messages.Snapshot, picture)


def presence(watching: int) -> dict[str, Any]:
    """Return how many watch."""
    return {"type": "presence", "stream_id": STREAM, "watching": watching, "as_of": NOW}
