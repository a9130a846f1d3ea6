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
    for name in (*_NUMBERS, "received_in"):
        merged.pop(name, None)
        if name in numbers:
            merged[name] = cast(dict[str, Any], numbers)[name]
    if numbers is news and _lacks_votes(known, news):
        _keep_what_was_seen(known, merged)
    return cast(Poll, merged)


def _lacks_votes(known: Poll, news: Poll) -> bool:
    """Return whether numbers that are newer lack votes of a region that was seen already, as where it is cut off."""
    if "version" not in known or news["is_final"] or news.get("allow_change"):
        return False
    before, now = known.get("received_in"), news.get("received_in")
    if before is None or now is None:
        # Without it all votes came by one region, which is not named.
        return before is not now
    return any(now.get(region, 0) < votes for region, votes in before.items())


def _keep_what_was_seen(known: Poll, merged: dict[str, Any]) -> None:
    """Let no number fall that was shown: the votes that are missing come back with their region."""
    seen = {each["id"]: each.get("votes", 0) for each in known["options"]}
    for option in merged["options"]:
        option["votes"] = max(option.get("votes", 0), seen.get(option["id"], 0))
    for name in (*POLL_NUMBERS, "version"):
        merged[name] = max(merged.get(name, 0), cast(dict[str, int], known).get(name, 0))
    regions = {**known.get("received_in", {})}
    for region, votes in merged.get("received_in", {}).items():
        regions[region] = max(votes, regions.get(region, 0))
    if regions:
        merged["received_in"] = regions


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
    if news["is_final"] != known["is_final"]:
        return news["is_final"]
    before, now = known.get("received_in"), news.get("received_in")
    if before is not None and now is not None and not news["is_final"]:
        return any(votes >= before.get(region, 0) for region, votes in now.items())
    return news["version"] >= known["version"]
