"""From the picture and the control table to the messages of `contracts.messages`."""

from collections.abc import Sequence
from typing import cast

from contracts import messages
from gateway.control.model import Poll, Stream
from gateway.live.picture import Picture
from gateway.live.tally import Tally, final_tally, numbers_of
from gateway.votes.visibility import is_revealed, is_shown, shows_results

Content = messages.Reactions | messages.Poll | messages.Presence | messages.Snapshot


def reactions(stream_id: str, picture: Picture) -> messages.Reactions:
    """Return the totals and the newest window. No total falls, so their sum never goes back."""
    return {
        "type": "reactions",
        "stream_id": stream_id,
        "as_of": picture.as_of,
        "totals": picture.totals,
        "version": sum(picture.totals.values()),
        "window": {"start": picture.window_start, "counts": picture.window},
    }


def presence(stream_id: str, picture: Picture) -> messages.Presence:
    """Return how many watch."""
    return {
        "type": "presence",
        "stream_id": stream_id,
        "watching": picture.watching,
        "as_of": picture.watching_as_of,
    }


def poll(
    definition: Poll, tally: Tally | None, now_ms: int, *, voted: bool = False, broadcaster: bool = False
) -> messages.Poll:
    """Return the poll as a broadcaster sees it, or a viewer who has voted in it, or one who has not.

    Where results are hidden, nothing in it depends on the tally, and without a tally they are hidden from everybody.
    Once the poll is final they are those of its result, whatever `tally` says.
    """
    shown: messages.Poll = {
        "type": "poll",
        "stream_id": definition.stream_id,
        "poll_id": definition.poll_id,
        "status": definition.status_at(now_ms),
        "question": definition.question,
        "options": [{"id": option.id, "text": option.text} for option in definition.options],
        "max_choices": definition.max_choices,
        "allow_change": definition.allow_change,
        "allow_withdraw": definition.allow_withdraw,
        "results": definition.results,
        "results_hidden": True,
        "opens_at": definition.opens_at,
        "closes_at": definition.announced_closing_ms,
        "as_of": definition.at,
        "is_final": definition.status == "final",
    }
    if definition.correct and (broadcaster or is_revealed(definition, now_ms)):
        shown["correct"] = list(definition.correct)
    numbers = final_tally(definition) or tally
    if numbers is not None and (broadcaster or shows_results(definition, now_ms, voted=voted)):
        return _with_numbers(shown, numbers, definition.region)
    return shown


def snapshot(stream: Stream, polls: Sequence[Poll], picture: Picture, now_ms: int) -> messages.Snapshot:
    """Return everything that a screen shows to who has not voted. Its `as_of` moves only when something in it does."""
    shown = [poll(each, picture.tally(each.poll_id), now_ms) for each in polls if is_shown(each)]
    whole: messages.Snapshot = {
        "type": "snapshot",
        "stream_id": stream.stream_id,
        "as_of": max([stream.at, picture.as_of, picture.watching_as_of, *(each["as_of"] for each in shown)]),
        "title": stream.title,
        "emojis": list(stream.emojis),
        "status": stream.status,
        "reactions": reactions(stream.stream_id, picture),
        "polls": shown,
        "watching": picture.watching,
    }
    if not picture.is_known:
        whole["numbers_known"] = False
    return whole


def _with_numbers(shown: messages.Poll, tally: Tally, home: str) -> messages.Poll:
    options = [{**option, "votes": tally.votes.get(option["id"], 0)} for option in shown["options"]]
    numbers = {
        "options": options,
        **numbers_of(tally),
        "version": tally.version,
        "as_of": max(tally.as_of, shown["as_of"]),
        "results_hidden": False,
    }
    regions = tally.received_in
    if not regions.keys() <= {home}:
        numbers["received_in"] = regions
    return cast(messages.Poll, {**shown, **numbers})
