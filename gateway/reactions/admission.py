"""Which taps are taken."""

from contracts.limits import MAX_TAPS_PER_REQUEST
from gateway import problems
from gateway.control.model import Stream
from gateway.refusal import Refused


def check(stream: Stream, counts: dict[str, int]) -> int:
    """Return how many taps `counts` holds. Raises Refused unless each count is sane and each emoji is the stream's."""
    if not counts:
        raise Refused(problems.NO_COUNTS, field="counts")
    total = 0
    for emoji, count in counts.items():
        if emoji not in stream.emojis:
            raise Refused(problems.UNKNOWN_EMOJI, field="counts")
        if count < 1:
            raise Refused(problems.NEGATIVE_COUNT if count < 0 else problems.ZERO_COUNT, field="counts")
        if count > MAX_TAPS_PER_REQUEST:
            detail = f"A request holds at most {MAX_TAPS_PER_REQUEST} taps of one emoji."
            raise Refused(problems.HUGE_COUNT, detail, field="counts")
        total += count
    return total
