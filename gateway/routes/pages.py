"""The pages, and the files that they need: those of gateway.page_files, and nothing else from the disk."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from gateway import page_files, problems
from gateway.conditional import conditional_response
from gateway.lean import Endpoint, LeanRoute
from gateway.openapi import operation
from gateway.openapi.headers import LOCATION
from gateway.page_files import ASSET_CACHE, PAGE_CACHE, PageFile
from gateway.refusal import Refused
from gateway.services import services_of

_HEADERS = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    # A page's address holds a token or key in its fragment; browsers send no fragment, and here not even the rest.
    "referrer-policy": "no-referrer",
}
_OVERLAY_HEADERS = {
    **_HEADERS,
    # OBS writes what is in its box "Custom CSS" into a style element of the page, which is bound by the page's policy.
    "content-security-policy": _HEADERS["content-security-policy"] + "; style-src-elem 'self' 'unsafe-inline'",
}


async def watch(request: Request) -> Response:
    """Return the viewer's page; its stream is in the address, and its token in the fragment."""
    return _serve(request, "watch/watch.html", _reaching_elsewhere(request, _HEADERS))


async def overlay(request: Request) -> Response:
    """Return the page that a video mixer lays over the picture; its token is in the fragment."""
    return _serve(request, "overlay/overlay.html", _reaching_elsewhere(request, _OVERLAY_HEADERS))


async def studio_page(request: Request) -> Response:
    """Return the broadcaster's page of a live stream. It asks for an API key, and runs the stream with it."""
    return _serve(request, "studio/studio.html")


async def history_page(request: Request) -> Response:
    """Return the broadcaster's page of a stream's past. It asks for an API key, and calls the history with it."""
    return _serve(request, "history/history.html")


async def asset(request: Request) -> Response:
    """Return a file that a page needs. Of another version than this gateway's there is none, rather than a mixture."""
    file = _file(request)
    if request.path_params["version"] != page_files.VERSION:
        raise _no_such_file()
    return _answer(request, file, ASSET_CACHE)


async def newest_asset(request: Request) -> Response:
    """Lead to the newest version of a file, for who has no page that names one."""
    _file(request)
    address = page_files.address_of("{folder}/{file}".format_map(request.path_params))
    return RedirectResponse(address, 307, {"cache-control": PAGE_CACHE})


def _serve(request: Request, name: str, headers: dict[str, str] = _HEADERS) -> Response:
    return _answer(request, page_files.FILES[name], PAGE_CACHE, headers)


def _reaching_elsewhere(request: Request, headers: dict[str, str]) -> dict[str, str]:
    """Let the page go on at the gateways of other regions, where there are any."""
    elsewhere = services_of(request).settings.other_gateways
    if not elsewhere:
        return headers
    sources = " ".join(f"{url} {url.replace('http', 'ws', 1)}" for url in elsewhere)
    policy = headers["content-security-policy"].replace("connect-src 'self'", f"connect-src 'self' {sources}")
    return {**headers, "content-security-policy": policy}


def _file(request: Request) -> PageFile:
    file = page_files.FILES.get("{folder}/{file}".format_map(request.path_params))
    if file is None or file.is_page:
        raise _no_such_file()
    return file


def _no_such_file() -> Refused:
    # nginx keeps nothing of a request of which any gateway's answer said `no-store`, even if the next one has the file.
    return Refused(problems.NOT_FOUND, headers={"cache-control": "public, max-age=1"})


def _answer(request: Request, file: PageFile, cache: str, headers: dict[str, str] = _HEADERS) -> Response:
    return conditional_response(request, file.body, file.etag, file.media_type, {**headers, "cache-control": cache})


def _page(path: str, endpoint: Endpoint) -> LeanRoute:
    return LeanRoute(
        path,
        endpoint,
        tags=["pages"],
        openapi_extra=operation(
            caller="anyone", parameters=["stream"], answers={200: "text/html", 304: ""}, refusals=(problems.NOT_FOUND,)
        ),
    )


ROUTES = [
    _page("/watch/{stream}", watch),
    _page("/overlay/{stream}", overlay),
    _page("/studio/{stream}", studio_page),
    _page("/studio/{stream}/history", history_page),
    LeanRoute(
        "/assets/{version}/{folder}/{file}",
        asset,
        tags=["pages"],
        openapi_extra=operation(
            caller="anyone",
            parameters=["version", "folder", "file"],
            answers={200: "*/*", 304: ""},
            refusals=(problems.NOT_FOUND,),
        ),
    ),
    LeanRoute(
        "/assets/{folder}/{file}",
        newest_asset,
        status_code=307,
        tags=["pages"],
        openapi_extra=operation(
            caller="anyone",
            parameters=["folder", "file"],
            answers={307: ""},
            gives={307: (LOCATION,)},
            refusals=(problems.NOT_FOUND,),
        ),
    ),
]
