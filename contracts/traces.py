"""Traces of the way from a tap to Redis: one trace for one window of one stream.

A tap is a number in a sum by the time that Kafka has it, so nothing can be handed from one program to the next that
would still mean this tap. What they all know is the window in which it counts: the trace's id is a hash of it, by which
each program also decides, without asking anybody, whether this window is one of those that are traced. A million taps
in a window are one trace.

Spans go to a collector by OTLP over HTTP (https://opentelemetry.io/docs/specs/otlp/). Its libraries are loaded only
where one is set.
"""

from hashlib import blake2b
from types import ModuleType
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider

ONE_IN = 100
"""Windows of which one is traced, where nothing else is set."""
_NS_OF_A_MS = 1_000_000
_TIMEOUT_S = 2
"""How long the collector may take; who stops waits no longer for it."""


def trace_id(stream_id: str, start_ms: int) -> int:
    """Return the id of a window's trace, 128 bits and never 0."""
    digest = blake2b(f"{stream_id}|{start_ms}".encode(), digest_size=16, person=b"ovation-trace").digest()
    return int.from_bytes(digest) or 1


def is_traced(stream_id: str, start_ms: int, one_in: int) -> bool:
    """Return whether a window is one of those that are traced: one in so many, the same for every program."""
    return trace_id(stream_id, start_ms) % one_in == 0


class Traces:
    """Where one program's spans go. Nothing here waits: what the collector does not take in time is dropped."""

    def __init__(self, provider: "TracerProvider", one_in: int) -> None:
        """Give spans to `provider`, of one window in `one_in`."""
        from opentelemetry import trace  # noqa: PLC0415 - only where a collector is set

        self._api: ModuleType = trace
        self._provider = provider
        self._tracer = provider.get_tracer("ovation")
        self._one_in = one_in

    @classmethod
    def to(cls, endpoint: str, service: str, one_in: int) -> Self | None:
        """Return traces of the program `service` to the collector at `endpoint`, or None where that is empty."""
        if not endpoint:
            return None
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter  # noqa: PLC0415 - as above
        from opentelemetry.sdk.resources import Resource  # noqa: PLC0415
        from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415
        from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415

        provider = TracerProvider(resource=Resource.create({"service.name": service}))
        exporter = OTLPSpanExporter(endpoint=f"{endpoint.rstrip('/')}/v1/traces", timeout=_TIMEOUT_S)
        provider.add_span_processor(BatchSpanProcessor(exporter))
        return cls(provider, one_in)

    def span(
        self, name: str, stream_id: str, start_ms: int, began_ms: int, ended_ms: int, **attributes: str | int
    ) -> None:
        """Tell what was done for a window between two moments, epoch ms, if the window is one that is traced."""
        if not is_traced(stream_id, start_ms, self._one_in):
            return
        trace = trace_id(stream_id, start_ms)
        # The parent is the window itself, which is no program's span: its id is the half of the trace's.
        parent = self._api.SpanContext(
            trace, trace >> 64 or 1, True, self._api.TraceFlags(self._api.TraceFlags.SAMPLED)
        )
        self._tracer.start_span(
            name,
            self._api.set_span_in_context(self._api.NonRecordingSpan(parent)),
            attributes={"ovation.stream_id": stream_id, "ovation.window": start_ms, **attributes},
            start_time=began_ms * _NS_OF_A_MS,
        ).end(ended_ms * _NS_OF_A_MS)

    def close(self) -> None:
        """Send what is left."""
        self._provider.shutdown()
