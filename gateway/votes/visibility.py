"""What viewers see of a poll, and when: the poll itself, its results, and the right answers of a quiz."""

from gateway.control.model import Poll


def is_shown(poll: Poll) -> bool:
    """Return whether viewers see the poll at all: once it is no draft any more, and not if it was cancelled as one."""
    return poll.status != "draft" and not (poll.status == "cancelled" and poll.opening_ms is None)


def is_revealed(poll: Poll, now_ms: int) -> bool:
    """Return whether everybody sees results and right answers: once the poll has closed. A cancelled one has none."""
    return poll.status_at(now_ms) in ("closed", "final")


def shows_results(poll: Poll, now_ms: int, *, voted: bool) -> bool:
    """Return whether a viewer who has voted in the poll, or has not, sees its results."""
    if poll.results == "always" or (poll.results == "after_vote" and voted):
        return True
    return is_revealed(poll, now_ms)
