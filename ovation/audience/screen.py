"""A screen: what one watching socket shows, and whether it ever took a number back."""

import time
from collections import defaultdict
from collections.abc import Callable

import msgspec

from contracts import messages
from ovation.audience.races import Races
from ovation.audience.tap_to_screen import TapToScreen
from ovation.client.answers import decode

_snapshot: msgspec.json.Decoder[messages.Snapshot] = msgspec.json.Decoder(messages.Snapshot)
_reactions: msgspec.json.Decoder[messages.Reactions] = msgspec.json.Decoder(messages.Reactions)
_poll: msgspec.json.Decoder[messages.Poll] = msgspec.json.Decoder(messages.Poll)

_EXAMPLES = 10


class Screen:
    """Takes the messages of one socket on one stream. `index` is its number among the stream's screens."""

    def __init__(self, index: int, taps: TapToScreen, clock: Callable[[], float] = time.perf_counter) -> None:
        self._index = index
        self._taps = taps
        self._clock = clock
        self.totals: dict[str, int] = {}
        self.polls: dict[str, messages.Poll] = {}
        self.messages = 0
        self.steps_back = 0
        """Numbers that were smaller than before, but those which voters may take back by the rules of their poll."""
        self.stepped: list[str] = []
        """The first of them, for a person."""
        self.races: dict[str, Races] = defaultdict(Races)
        """By poll, what options lost to others. Whether that was the voters' doing, their account says."""
        self.rose_at = float("-inf")
        """When a total last rose, by `clock`."""

    def take(self, kind: str, text: str) -> None:
        """Show a message. Raises MalformedAnswerError for one that breaks the contract."""
        self.messages += 1
        if kind == "reactions":
            self._show_totals(decode(text, _reactions)["totals"])
        elif kind == "poll":
            self._show_poll(decode(text, _poll))
        elif kind == "snapshot":
            snapshot = decode(text, _snapshot)
            # A gateway that does not know the numbers yet says nothing of them, and so shows none.
            if snapshot.get("numbers_known", True):
                self._show_totals(snapshot["reactions"]["totals"])
            for poll in snapshot["polls"]:
                self._show_poll(poll)

    def _show_totals(self, totals: dict[str, int]) -> None:
        now_s = self._clock()
        for emoji, total in totals.items():
            before = self.totals.get(emoji, 0)
            if total > before:
                self._taps.shown(self._index, emoji, total, now_s)
                self.rose_at = now_s
        for emoji, before in self.totals.items():
            self._hold(f"{emoji} total", before, totals.get(emoji, 0))
        self.totals = totals

    def _show_poll(self, poll: messages.Poll) -> None:
        name, before = f"poll {poll['poll_id']}", self.polls.get(poll["poll_id"])
        if before is not None and "voters" in before:
            if "voters" not in poll and poll.get("results_hidden", False):
                return  # By the rules, or not known to this gateway: nothing is shown that could be smaller.
            self._hold(f"{name} received", before["received"], poll.get("received", 0))
            if not poll.get("allow_change", False):
                shown, votes = ({each["id"]: each.get("votes", 0) for each in of["options"]} for of in (before, poll))
                if not self.races[poll["poll_id"]].take(shown, votes):
                    for option, count in shown.items():
                        self._hold(f"{name} option {option}", count, votes.get(option, 0))
                self._hold(f"{name} voters", before["voters"], poll.get("voters", 0))
        self.polls[poll["poll_id"]] = poll

    def _hold(self, what: str, before: int, now: int) -> None:
        if now < before:
            self.steps_back += 1
            if len(self.stepped) < _EXAMPLES:
                self.stepped.append(f"{what} from {before} to {now}")
