"""One poll, merged from what several gateways say of it at different times.

Rules and words are those heard last, the numbers those of the newest version; what was closed never opens again, and a
number that was seen never goes away, though a socket on which this viewer has not voted yet is sent none.
"""

from typing import Any, cast

from contracts.messages import POLL_NUMBERS, OptionVotes, Poll

_PROGRESS = {"draft": 0, "scheduled": 1, "open": 2, "paused": 2, "closed": 3, "final": 4, "cancelled": 5}
"""How far a life has come. An open poll can be paused and opened again; otherwise it never goes back."""
_NUMBERS = (*POLL_NUMBERS, "version", "is_final")


def is_over(poll: Poll) -> bool:
    """Return whether voting is over for good."""
    return _PROGRESS.get(poll["status"], 0) >= _PROGRESS["closed"]


def merge_poll(known: Poll, news: Poll) -> Poll:
    """Return what both say together."""
    older, newer = (news, known) if _goes_back(known["status"], news["status"]) else (known, news)
    numbers = news if _has_newer_numbers(known, news) else known
    merged: dict[str, Any] = {**older, **newer, "options": _options(older, newer, numbers)}
    for name in _NUMBERS:
        merged.pop(name, None)
        if name in numbers:
            merged[name] = cast(dict[str, Any], numbers)[name]
    return cast(Poll, merged)


def _options(older: Poll, newer: Poll, numbers: Poll) -> list[OptionVotes]:
    texts = {each["id"]: each["text"] for poll in (older, newer) for each in poll["options"] if each.get("text")}
    votes = {each["id"]: each["votes"] for each in numbers["options"] if "votes" in each}
    options = []
    for option_id in (each["id"] for each in newer["options"]):
        option: OptionVotes = {"id": option_id}
        if option_id in texts:
            option["text"] = texts[option_id]
        if option_id in votes:
            option["votes"] = votes[option_id]
        options.append(option)
    return options


def _goes_back(known: str, news: str) -> bool:
    # A status that came into the world after this client is heard, never held against another.
    return known in _PROGRESS and news in _PROGRESS and _PROGRESS[news] < _PROGRESS[known]


def _has_newer_numbers(known: Poll, news: Poll) -> bool:
    if "version" not in news:
        return False
    if "version" not in known:
        return True
    # A final result is a recount: it stands, whatever version a late message names.
    return news["version"] >= known["version"] if news["is_final"] == known["is_final"] else news["is_final"]
