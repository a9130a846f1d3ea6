"""A client of Ovation's gateways, for programs of one's own (docs/clients.md), the commands and the tests.

`connect` is a viewer on a live stream; `ovation.client.gateway` has the calls over HTTP.
"""

from ovation.client.errors import (
    CallError,
    MalformedAnswerError,
    NotSentError,
    ProblemError,
    QueueFullError,
    UnansweredError,
)
from ovation.client.live import Live, connect
from ovation.client.picture import Picture
from ovation.client.tap_pile import TapsOutcome
from ovation.client.votes import Vote

__all__ = [
    "CallError",
    "Live",
    "MalformedAnswerError",
    "NotSentError",
    "Picture",
    "ProblemError",
    "QueueFullError",
    "TapsOutcome",
    "UnansweredError",
    "Vote",
    "connect",
]
