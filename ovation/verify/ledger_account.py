"""What an audience's ledger says of a stream, with everything that it cannot know."""

from collections.abc import Iterator

from ovation.audience import ledger
from ovation.verify.numbers import Account, InPoll, InWindow, Key, Span, Total

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
    return Account(NAME, numbers, windows=None, unanswered=taps.unanswered)


def _poll(ballots: ledger.Ballots) -> Iterator[tuple[str, Span]]:
    certain = dict.fromkeys(ballots.options, 0)
    possible = dict.fromkeys(ballots.options, 0)
    voters = [0, 0]
    for attempts in ballots.voters.values():
        options, must_count = _ballot(attempts)
        for option in options:
            possible[option] += 1
            certain[option] += must_count and len(options) == 1
        voters[0] += must_count
        voters[1] += bool(options)
    for option in ballots.options:
        yield f"option:{option}", Span(certain[option], possible[option])
    acknowledged = ballots.count("acknowledged")
    received = Span(acknowledged, acknowledged + ballots.count("unanswered"))
    yield "voters", Span(*voters)
    yield "received", received
    yield "duplicate", Span(max(received.low - voters[1], 0), received.high - voters[0])


def _ballot(attempts: list[ledger.Attempt]) -> tuple[set[str], bool]:
    """Return the options of which one counts for a voter, and whether one must.

    The smallest receipt counts. An unanswered vote may have a smaller one still, or may not exist.
    """
    acknowledged = [attempt for attempt in attempts if attempt.outcome == "acknowledged"]
    options = {attempt.option for attempt in attempts if attempt.outcome == "unanswered"}
    if acknowledged:
        options.add(min(acknowledged, key=lambda attempt: attempt.receipt or "").option)
    return options, bool(acknowledged)
