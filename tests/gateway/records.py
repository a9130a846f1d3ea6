"""A stream, a poll and an API key to test with."""

from typing import Any

from contracts.choices import option_id
from gateway.control.model import ApiKey, Option, Poll, Result, Stream

AT = 1_763_800_000_000

_WRITTEN = {"region": "eu", "edge": "gw-1", "at": AT, "revision": 1}


def stream(**changes: Any) -> Stream:
    fields: dict[str, Any] = {
        **_WRITTEN,
        "stream_id": "cup",
        "title": "Cup final",
        "emojis": ("🔥", "👏"),
        "status": "live",
        "created_at": AT,
        "ended_at": None,
    }
    return Stream(**{**fields, **changes})


def poll(options: int = 3, **changes: Any) -> Poll:
    """Return an open poll; one of another status has the times that belong to it only if they are given."""
    fields: dict[str, Any] = {
        **_WRITTEN,
        "stream_id": "cup",
        "poll_id": "best",
        "question": "Who was the best?",
        "options": tuple(Option(option_id(index), f"Option {index}") for index in range(options)),
        "max_choices": 2,
        "allow_change": False,
        "allow_withdraw": False,
        "results": "always",
        "correct": (),
        "eligibility": {},
        "status": "open",
        "created_at": AT,
        "opens_at": None,
        "opened_at": AT,
        "closes_at": None,
        "closes_in_s": None,
        "closed_at": None,
        "final_at": None,
        "voter_salt": "q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA",
        "result": None,
    }
    return Poll(**{**fields, **changes})


def api_key(**changes: Any) -> ApiKey:
    fields: dict[str, Any] = {
        **_WRITTEN,
        "key_id": "k3v9",
        "name": "studio",
        "secret_hash": "0" * 64,
        "scopes": ("polls", "read"),
        "created_at": AT,
        "expires_at": None,
        "revoked_at": None,
    }
    return ApiKey(**{**fields, **changes})


def result(**changes: Any) -> Result:
    """Return the result of three voters."""
    fields: dict[str, Any] = {
        "votes": (2, 1, 0),
        "voters": 3,
        "received": 3,
        **dict.fromkeys(("replaced", "withdrawn", "duplicate", "late", "invalid", "ineligible"), 0),
        "digest": "sha256:" + "0" * 64,
    }
    return Result(**{**fields, **changes})
