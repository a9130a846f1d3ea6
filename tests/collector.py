"""A collector of traces that keeps what it is sent, by OTLP over HTTP."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest


@dataclass(frozen=True, slots=True)
class Span:
    """What arrived. Times are epoch nanoseconds."""

    service: str
    name: str
    trace_id: int
    parent_id: int
    began: int
    ended: int
    attributes: dict[str, str | int]


@dataclass(slots=True)
class Collector:
    """`url` is what programs are told."""

    url: str = ""
    spans: list[Span] = field(default_factory=list)

    def of(self, trace_id: int) -> list[Span]:
        """Return the spans of a trace."""
        return [span for span in self.spans if span.trace_id == trace_id]

    def take(self, raw: bytes) -> None:
        """Keep the spans of a request."""
        for resource in ExportTraceServiceRequest.FromString(raw).resource_spans:
            service = str(_values(resource.resource.attributes)["service.name"])
            for scope in resource.scope_spans:
                self.spans += [
                    Span(
                        service,
                        span.name,
                        int.from_bytes(span.trace_id),
                        int.from_bytes(span.parent_span_id),
                        span.start_time_unix_nano,
                        span.end_time_unix_nano,
                        _values(span.attributes),
                    )
                    for span in scope.spans
                ]


@contextmanager
def collecting() -> Iterator[Collector]:
    """Run a collector on a free port while the block runs."""
    collector = Collector()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            if self.path == "/v1/traces":
                collector.take(self.rfile.read(int(self.headers["content-length"])))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    collector.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield collector
    server.shutdown()
    server.server_close()
    thread.join()


def _values(attributes: Any) -> dict[str, str | int]:
    return {
        each.key: each.value.int_value if each.value.HasField("int_value") else each.value.string_value
        for each in attributes
    }
