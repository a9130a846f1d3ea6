"""Health and metrics."""

from gateway.openapi.document import Example
from gateway.routes.health import Alive, Readiness

EXAMPLES = {
    "livez": Example(answers={200: Alive()}),
    "readyz": Example(
        answers={
            200: Readiness("degraded", ["redis"], {"kafka": "up", "control": "up", "redis": "down"}),
            503: Readiness("not-ready", ["kafka"], {"kafka": "down", "control": "up", "redis": "up"}),
        }
    ),
    "prometheus": Example(
        answers={
            200: "# HELP ovation_taps_total Taps taken.\n# TYPE ovation_taps_total counter\novation_taps_total 5124.0\n"
        }
    ),
}
