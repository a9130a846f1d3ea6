"""What an audience's ledger says of a stream, with everything that it cannot know."""

from collections import Counter
from collections.abc import Iterator

from ovation.audience import ledger
from ovation.audience.possible import Entry, Standing
from ovation.verify.numbers import POLL_FIELDS, Account, InPoll, InWindow, Key, Span, Total

NAME = "ledger"


def account(stream: ledger.Stream) -> Account:
    """Return the account of one stream of a ledger."""
    taps = stream.taps
    numbers: dict[Key, Span] = {
        InWindow(start, emoji): Span.exactly(count)
        for start, counts in taps.windows.items()
        for emoji, count in counts.items()
    }
    acknowledged = taps.totals()
    for emoji in acknowledged.keys() | taps.unanswered.keys():
        low = acknowledged.get(emoji, 0)
        numbers[Total(emoji)] = Span(low, low + taps.unanswered.get(emoji, 0))
    for poll_id, ballots in stream.polls.items():
        numbers.update((InPoll(poll_id, name), span) for name, span in _poll(ballots))
    return Account(NAME, numbers, windows=None, unanswered=taps.unanswered, polls=frozenset(stream.polls))


def _poll(ballots: ledger.Ballots) -> Iterator[tuple[str, Span]]:
    """Yield the spans of one poll, added up over its voters."""
    low: Counter[str] = Counter()
    high: Counter[str] = Counter()
    for voter, attempts in ballots.voters.items():
        unanswered = sum(attempt.outcome == "unanswered" for attempt in attempts)
        for refused in ("late", "ineligible"):
            number = len({attempt.receipt for attempt in attempts if attempt.outcome == refused})
            low[refused] += number
            # Nobody knows whether a vote without an answer was in time.
            high[refused] += number + unanswered
        standing = Standing.of(attempts, ballots.allow_change, ballots.told.get(voter))
        for name in _possible(standing):
            high[name] += 1
            low[name] += name in _certain(standing)
        beaten = "replaced" if ballots.allow_change else "duplicate"
        low[beaten] += max(standing.certain - 1, 0)
        high[beaten] += max(len(standing.entries) - 1, 0)
        low["received"] += standing.certain
        high["received"] += len(standing.entries)
    for refused in ("late", "ineligible"):
        low["received"] += low[refused]
        high["received"] += low[refused]
    for name in (*(f"option:{option}" for option in ballots.options), *POLL_FIELDS):
        yield name, Span(low[name], high[name])


def _possible(standing: Standing) -> set[str]:
    """Return the numbers of a poll that a voter's standing vote may be in."""
    return set().union(*(_numbers(entry) for entry in standing.candidates))


def _certain(standing: Standing) -> set[str]:
    """Return the numbers that it is in for certain."""
    if not standing.certain:
        return set()
    return set.intersection(*(_numbers(entry) for entry in standing.candidates))


def _numbers(entry: Entry) -> set[str]:
    return {"voters", *(f"option:{choice}" for choice in entry.choices)} if entry.choices else {"withdrawn"}
