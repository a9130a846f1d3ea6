"""The names that Prometheus can know: those that a gateway declares, Flink's, and its own."""

from collections.abc import Iterator

from prometheus_client.metrics import MetricWrapperBase

from gateway import metrics
from ovation import flink_metrics

ENDINGS = {"counter": ("_total",), "gauge": ("",), "histogram": ("_bucket", "_sum", "_count")}
OWN = {"up", "ALERTS"}
"""What Prometheus says itself: whether a target answered, and which alerts there are."""


def of_gateway() -> Iterator[tuple[str, str, str]]:
    """Yield each metric as `/metrics` names it, its type, and what it says."""
    for metric in vars(metrics).values():
        if isinstance(metric, MetricWrapperBase):
            for family in metric.describe():
                yield family.name, family.type, family.documentation


def names() -> set[str]:
    """Return every name that a sample can have."""
    ours = {name + ending for name, kind, _ in of_gateway() for ending in ENDINGS[kind]}
    return ours | set(flink_metrics.ALL) | OWN
