"""Which votes are taken."""

from contracts.choices import pack
from gateway import problems
from gateway.control.model import Poll
from gateway.refusal import Refused


def check_open(poll: Poll, now_ms: int) -> None:
    """Raise Refused unless the poll takes votes at `now_ms`."""
    status = poll.status_at(now_ms)
    if status == "draft":
        raise Refused(problems.POLL_NOT_OPEN)
    if status != "open":
        raise Refused(problems.CLOSED_POLL)


def check_choices(poll: Poll, choices: list[str]) -> int:
    """Return the choices as bits (contracts.choices). Raises Refused unless the poll's rules allow them."""
    if not choices:
        raise Refused(problems.NO_CHOICES, field="choices")
    offered = {option.id for option in poll.options}
    for choice in choices:
        if choice not in offered:
            raise Refused(problems.UNKNOWN_OPTION, field="choices")
    if len(set(choices)) < len(choices):
        raise Refused(problems.DUPLICATE_CHOICES, field="choices")
    if len(choices) > poll.max_choices:
        detail = f"This poll allows {poll.max_choices} choice(s)."
        raise Refused(problems.TOO_MANY_CHOICES, detail, field="choices")
    return pack(choices)
