"""QR codes for broadcasters: a link that viewers scan from a screen or a poster.

The link comes in the body, for it holds an invite: no address names it, so no log does.
"""

import asyncio
import io
from typing import Annotated

import msgspec
import segno
from msgspec import Meta
from starlette.requests import Request
from starlette.responses import Response

from gateway import problems
from gateway.lean import LeanRoute, read_body
from gateway.openapi import operation
from gateway.refusal import Refused
from gateway.routes.access import BROADCASTER, require_broadcaster

MAX_TEXT_BYTES = 1_000
MEDIA_TYPE = "image/svg+xml"
_QUIET_MODULES = 4
"""The white border that a reader needs (ISO/IEC 18004)."""


class QrText(msgspec.Struct, frozen=True):
    """What a QR code says: at most 1,000 bytes of UTF-8."""

    text: Annotated[str, Meta(min_length=1, max_length=MAX_TEXT_BYTES)]


_decoder = msgspec.json.Decoder(QrText)


async def draw_qr(request: Request) -> Response:
    """Draw a QR code, black on white, as SVG without a size of its own."""
    require_broadcaster(request, "tokens")
    text = (await read_body(request, _decoder)).text
    if len(text.encode()) > MAX_TEXT_BYTES:
        raise Refused(problems.INVALID_FIELD, f"A code says at most {MAX_TEXT_BYTES} bytes.", "text")
    # For a long text it takes longer than anybody else should wait.
    drawn = await asyncio.to_thread(drawing, text)
    return Response(drawn, 200, {"cache-control": "no-store", "x-content-type-options": "nosniff"}, MEDIA_TYPE)


def drawing(text: str) -> bytes:
    """Return the code as SVG. A seventh of its modules may be covered or dirty, and it is read all the same."""
    written = io.BytesIO()
    code = segno.make_qr(text, error="m")
    code.save(written, kind="svg", border=_QUIET_MODULES, light="#fff", omitsize=True, xmldecl=False, nl=False)
    return written.getvalue()


ROUTES = [
    LeanRoute(
        "/v1/qr",
        draw_qr,
        methods=["POST"],
        tags=["broadcasters"],
        openapi_extra=operation(
            caller="broadcaster", body=QrText, answers={200: MEDIA_TYPE}, refusals=(*BROADCASTER, problems.STARTING)
        ),
    ),
]
