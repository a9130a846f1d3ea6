"""What the crowd measures of itself while it runs."""

from collections import Counter
from dataclasses import dataclass, field

from ovation.audience.latencies import Latencies
from ovation.client.errors import ProblemError


@dataclass(slots=True)
class Figures:
    """Durations, each from what a viewer does to what the viewer sees of it. `tap_to_screen` is on every screen."""

    tap_to_screen: Latencies = field(default_factory=Latencies)
    tap_ack: Latencies = field(default_factory=Latencies)
    vote_ack: Latencies = field(default_factory=Latencies)
    receipt_told: Latencies = field(default_factory=Latencies)
    """From the answer to a vote until its receipt tells an outcome."""
    taps_sent: int = 0
    taps_acknowledged: int = 0
    votes_acknowledged: int = 0
    votes_answered: int = 0
    """With a receipt: the late and the ineligible as well."""
    votes_put_off: int = 0
    """Answers that only said to come back later."""
    failures: Counter[str] = field(default_factory=Counter)
    """Taps and votes that failed in the end, by what was said last: a problem's name, or a kind of error."""
    tapping_s: float = 0
    """How long the taps were sent for: `taps_sent / tapping_s` is the rate that was reached."""

    def failed(self, failure: BaseException) -> None:
        """Count a tap or a vote that is not tried again."""
        self.failures[failure.name if isinstance(failure, ProblemError) else type(failure).__name__] += 1
