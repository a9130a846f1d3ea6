"""Votes that an option loses to another, and how many of them are the voters' own doing.

Two votes of one voter that are on their way together through two gateways may come to Kafka in either order. Receipts
decide which one stands (docs/architecture.md, How it counts), so what was shown of the other is taken back: one option
falls by one, and another rises. Nothing else may fall.
"""

from collections import Counter
from collections.abc import Mapping

from ovation.audience.ledger import Ballots
from ovation.audience.possible import Standing


class Races:
    """What one screen saw of the options of one poll."""

    def __init__(self) -> None:
        self.lost: Counter[str] = Counter()
        """Votes that an option lost to others, by its id."""

    def take(self, before: Mapping[str, int], now: Mapping[str, int]) -> bool:
        """Note options that fell from one picture to the next; return False where the sum of all fell, too."""
        fallen = {option: votes - now.get(option, 0) for option, votes in before.items() if now.get(option, 0) < votes}
        if sum(now.values()) < sum(before.values()):
            return False
        self.lost.update(fallen)
        return True

    def unexplained(self, ballots: Ballots) -> list[str]:
        """Return, for a person, the options that lost more votes than voters had sent together with another one."""
        if not self.lost:
            return []
        raced = racing(ballots)
        return [
            f"option {option} lost {lost} to others, and {raced[option]} voters had sent it together with another"
            for option, lost in sorted(self.lost.items())
            if lost > raced[option]
        ]


def racing(ballots: Ballots) -> Counter[str]:
    """Return how many voters sent each option so that nobody outside can know whether it or another vote stands."""
    found: Counter[str] = Counter()
    for attempts in ballots.voters.values():
        standing = Standing.of(attempts, ballots.allow_change)
        if standing.is_doubtful:
            found.update({choice for entry in standing.candidates for choice in entry.choices})
    return found
