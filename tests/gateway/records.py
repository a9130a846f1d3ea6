"""A stream and a poll to test with."""

from typing import Any

from contracts.choices import option_id
from gateway.control.model import Option, Poll, Stream

AT = 1_763_800_000_000


def stream(**changes: Any) -> Stream:
    fields: dict[str, Any] = {
        "region": "eu",
        "edge": "gw-1",
        "at": AT,
        "stream_id": "cup",
        "title": "Cup final",
        "emojis": ("🔥", "👏"),
        "status": "live",
        "created_at": AT,
        "ended_at": None,
    }
    return Stream(**{**fields, **changes})


def poll(options: int = 3, **changes: Any) -> Poll:
    fields: dict[str, Any] = {
        "region": "eu",
        "edge": "gw-1",
        "at": AT,
        "stream_id": "cup",
        "poll_id": "best",
        "question": "Who was the best?",
        "options": tuple(Option(option_id(index), f"Option {index}") for index in range(options)),
        "max_choices": 2,
        "allow_change": False,
        "results": "always",
        "status": "open",
        "created_at": AT,
        "opened_at": AT,
        "closes_at": None,
        "closed_at": None,
    }
    return Poll(**{**fields, **changes})
