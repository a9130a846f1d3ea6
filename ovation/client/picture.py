"""The picture of one stream, merged from what gateways send.

Messages come late, twice, or from a gateway that has just started. Whoever sends them, a total only rises, a poll only
moves to newer numbers, and nothing that was closed opens again.
"""

from dataclasses import dataclass, field

import msgspec

from contracts.messages import Poll
from ovation.client.answers import decode
from ovation.client.merge_poll import merge_poll


@dataclass(slots=True)
class Picture:
    """What a screen shows. `known` is whether anything was heard of the stream, `counted` whether its numbers were.

    `totals` maps an emoji to its taps since the stream began, `polls` a poll's id to the poll, oldest first; `watching`
    is how many viewers watch, None where the gateway does not say.
    """

    known: bool = False
    counted: bool = False
    title: str = ""
    status: str = "live"
    emojis: list[str] = field(default_factory=list)
    totals: dict[str, int] = field(default_factory=dict)
    polls: dict[str, Poll] = field(default_factory=dict)
    watching: int | None = None

    def take(self, kind: str, text: str) -> dict[str, int] | None:
        """Merge a message; return by emoji the taps that are new, none until the first numbers are there.

        A message of a kind that is not known changes nothing: then None is returned. Raises MalformedAnswerError.
        """
        if kind == "reactions":
            return self._raise(decode(text, _reactions))
        if kind == "poll":
            self._put(decode(text, _poll))
            return {}
        if kind == "presence":
            self.watching = decode(text, _presence).watching
            return {}
        return self._show(decode(text, _snapshot)) if kind == "snapshot" else None

    def _show(self, snapshot: "_Snapshot") -> dict[str, int]:
        self.title, self.emojis = snapshot.title, snapshot.emojis
        if snapshot.status == "ended":
            self.status = "ended"
        if snapshot.watching is not None:
            self.watching = snapshot.watching
        for poll in snapshot.polls:
            self._put(poll)
        self.known = True
        rises = self._raise(snapshot.reactions)
        self.counted |= snapshot.numbers_known
        return rises

    def _raise(self, reactions: "_Reactions") -> dict[str, int]:
        rises = {}
        for emoji, total in reactions.totals.items():
            rise = total - self.totals.get(emoji, 0)
            if rise > 0:
                self.totals[emoji] = total
                rises[emoji] = rise
        # What everybody else has tapped so far is nothing new.
        return rises if self.counted else {}

    def _put(self, news: Poll) -> None:
        known = self.polls.get(news["poll_id"])
        self.polls[news["poll_id"]] = news if known is None else merge_poll(known, news)


class _Reactions(msgspec.Struct, frozen=True):
    totals: dict[str, int]


class _Presence(msgspec.Struct, frozen=True):
    watching: int


class _Snapshot(msgspec.Struct, frozen=True):
    title: str
    emojis: list[str]
    status: str
    reactions: _Reactions
    polls: list[Poll]
    watching: int | None = None
    numbers_known: bool = True


_reactions = msgspec.json.Decoder(_Reactions)
_presence = msgspec.json.Decoder(_Presence)
_snapshot = msgspec.json.Decoder(_Snapshot)
_poll: msgspec.json.Decoder[Poll] = msgspec.json.Decoder(Poll)
