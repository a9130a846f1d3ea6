"""Messages on Redis pub/sub, as the jobs publish them: no texts and rules, and a status that control knows better."""

import msgspec

from gateway.live.picture import Picture
from gateway.live.tally import Numbers, Tally, numbers_of


class _Window(msgspec.Struct, frozen=True):
    start: int
    counts: dict[str, int]


class _Reactions(msgspec.Struct, frozen=True, tag_field="type", tag="reactions"):
    as_of: int
    totals: dict[str, int]
    window: _Window


class _Option(msgspec.Struct, frozen=True):
    id: str
    votes: int


class _Poll(Numbers, frozen=True, kw_only=True, tag_field="type", tag="poll"):
    poll_id: str
    options: list[_Option]
    version: int
    as_of: int
    buckets: dict[str, int] = msgspec.field(default_factory=dict)


_decoder: msgspec.json.Decoder[_Reactions | _Poll] = msgspec.json.Decoder(_Reactions | _Poll)

REACTIONS = ""
"""What `merge` returns for reactions; every other answer is a poll's id."""


def merge(raw: bytes, picture: Picture) -> str | None:
    """Merge a message into the picture; return what changed, or None.

    Raises msgspec.MsgspecError for what is no such message.
    """
    message = _decoder.decode(raw)
    if isinstance(message, _Reactions):
        rose = picture.merge_totals(message.totals, message.as_of)
        moved = picture.merge_window(message.window.start, message.window.counts, message.as_of)
        return REACTIONS if rose or moved else None
    votes = {option.id: option.votes for option in message.options}
    tally = Tally(
        votes=votes,
        version=message.version,
        as_of=message.as_of,
        buckets=message.buckets,
        **numbers_of(message),
    )
    return message.poll_id if picture.merge_tally(message.poll_id, tally) else None
