"""Logging: one JSON object per line on standard error, or text for a person (`OVATION_LOG_FORMAT`).

A line of what a request did has its `request_id`. No secret, token or viewer id is ever a value in it.
"""

import logging
import sys
from typing import Literal

import structlog
import structlog.tracebacks

from gateway import request_id

Format = Literal["json", "text"]

# Without the values of variables: they may be secrets.
_TRACES = structlog.processors.ExceptionRenderer(structlog.tracebacks.ExceptionDictTransformer(show_locals=False))


def configure(form: Format = "json") -> None:
    """Send the program's logs, and its libraries', through structlog. Done again, it only changes the form."""
    shared: list[structlog.types.Processor] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        request_id.add_to_log,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *_rendering(form)],
            foreign_pre_chain=shared,
        )
    )
    logging.basicConfig(handlers=[handler], level=logging.INFO, force=True)
    # They say each reconnection and each accepted socket many times over; the gateway says it once.
    logging.getLogger("kafka").setLevel(logging.CRITICAL)
    logging.getLogger("uvicorn.error").setLevel(logging.WARNING)


def _rendering(form: Format) -> list[structlog.types.Processor]:
    if form == "text":
        return [structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)]
    return [_TRACES, structlog.processors.JSONRenderer(ensure_ascii=False)]
