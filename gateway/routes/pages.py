"""The pages: the files of `gateway/pages`, read once, and nothing else from the disk.

A page has a folder of its own. What pages share is in `parts` (how they look) and `client` (how they talk to the
gateway).
"""

from dataclasses import dataclass
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

from gateway import problems
from gateway.conditional import conditional_response, etag_of
from gateway.lean import LeanRoute
from gateway.openapi import operation
from gateway.refusal import Refused

_FOLDER = Path(__file__).parent.parent / "pages"
_MEDIA_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".ico": "image/x-icon",
}
_HEADERS = {
    # `no-cache` lets a browser keep a copy and makes it ask whether that is still the newest.
    "cache-control": "no-cache",
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    # A page's address holds a token or key in its fragment; browsers send no fragment, and here not even the rest.
    "referrer-policy": "no-referrer",
}


@dataclass(frozen=True, slots=True)
class _File:
    body: bytes
    etag: str
    media_type: str


def _read(folder: Path) -> dict[str, _File]:
    files: dict[str, _File] = {}
    for path in sorted(folder.glob("*/*")):
        if path.suffix in _MEDIA_TYPES:
            body = path.read_bytes()
            files[f"{path.parent.name}/{path.name}"] = _File(body, etag_of(body), _MEDIA_TYPES[path.suffix])
    return files


_FILES = _read(_FOLDER)


async def watch(request: Request) -> Response:
    """Return the viewer's page; its stream is in the address, and its token in the fragment."""
    return _serve(request, "watch/watch.html")


async def history_page(request: Request) -> Response:
    """Return the broadcaster's page of a stream's past. It asks for an API key, and calls the history with it."""
    return _serve(request, "history/history.html")


async def asset(request: Request) -> Response:
    """Return a file that a page needs."""
    return _serve(request, "{folder}/{file}".format_map(request.path_params))


def _serve(request: Request, name: str) -> Response:
    file = _FILES.get(name)
    if file is None:
        raise Refused(problems.NOT_FOUND)
    return conditional_response(request, file.body, file.etag, file.media_type, _HEADERS)


ROUTES = [
    LeanRoute(
        "/watch/{stream}",
        watch,
        tags=["pages"],
        openapi_extra=operation(
            caller="anyone", parameters=["stream"], answers={200: "text/html"}, refusals=(problems.NOT_FOUND,)
        ),
    ),
    LeanRoute(
        "/studio/{stream}/history",
        history_page,
        tags=["pages"],
        openapi_extra=operation(
            caller="anyone", parameters=["stream"], answers={200: "text/html"}, refusals=(problems.NOT_FOUND,)
        ),
    ),
    LeanRoute(
        "/assets/{folder}/{file}",
        asset,
        tags=["pages"],
        openapi_extra=operation(
            caller="anyone",
            parameters=["folder", "file"],
            answers={200: "*/*"},
            refusals=(problems.NOT_FOUND,),
        ),
    ),
]
