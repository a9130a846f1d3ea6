"""The files of `gateway/pages`, read once, and how caches keep them.

A page has a folder of its own. What pages share is in `parts` (how they look) and `client` (how they talk to the
gateway). Where a page names a file as `/assets/FOLDER/FILE`, it is served with `/assets/VERSION/FOLDER/FILE`, and files
name each other relative to themselves: so whoever has a page gets only files of its version, and may keep them for
ever. The version is a digest of all files, so gateways of one version agree on it. A page is also served with the names
of all modules that its script imports, so that a browser asks for them at once, and not import by import.
"""

import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

from gateway.conditional import etag_of

PAGE_CACHE = "public, max-age=0, s-maxage=10, must-revalidate"
"""Whoever opens a page asks whether it is the newest; a CDN is told so every ten seconds."""
ASSET_CACHE = "public, max-age=31536000, immutable"

_FOLDER = Path(__file__).parent / "pages"
_ASSETS = "/assets/"
_HTML = "text/html; charset=utf-8"
_MEDIA_TYPES = {
    ".html": _HTML,
    ".template": _HTML,
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".ico": "image/x-icon",
}
_SCRIPT = re.compile(rb' *<script type="module" src="/assets/([^"]+)"></script>\n')
_IMPORT = re.compile(rb'^(?:import|export) [^;]*?from "(\.[^"]+)"', re.MULTILINE)


@dataclass(frozen=True, slots=True)
class PageFile:
    """A file as it is served."""

    body: bytes
    etag: str
    media_type: str

    @property
    def is_page(self) -> bool:
        return self.media_type == _HTML


def _read() -> tuple[str, dict[str, PageFile]]:
    found = {f"{path.parent.name}/{path.name}": path for path in sorted(_FOLDER.glob("*/*"))}
    bodies = {name: path.read_bytes() for name, path in found.items() if path.suffix in _MEDIA_TYPES}
    version = blake2b(repr(bodies).encode(), digest_size=6).hexdigest()
    files = {}
    for name, body in bodies.items():
        media_type = _MEDIA_TYPES[found[name].suffix]
        if media_type == _HTML:
            body = _SCRIPT.sub(lambda script: script[0] + _preloads(script[1].decode(), bodies), body)  # noqa: PLW2901
            body = body.replace(f'"{_ASSETS}'.encode(), f'"{_ASSETS}{version}/'.encode())  # noqa: PLW2901
        files[name] = PageFile(body, etag_of(body), media_type)
    return version, files


def _preloads(script: str, bodies: Mapping[str, bytes]) -> bytes:
    """Return the links by which a browser learns what a script imports, directly or not."""
    found: set[str] = set()
    rest = [script]
    while rest:
        importer = rest.pop()
        names = (path.decode() for path in _IMPORT.findall(bodies[importer]))
        new = {posixpath.normpath(posixpath.join(posixpath.dirname(importer), name)) for name in names} - found
        found |= new
        rest.extend(new)
    return b"".join(
        b'    <link rel="modulepreload" href="%b%b">\n' % (_ASSETS.encode(), name.encode()) for name in sorted(found)
    )


VERSION, FILES = _read()
"""The version of all files, and each file by its folder and name."""


def address_of(name: str) -> str:
    """Return the path at which a file of this version is."""
    return f"{_ASSETS}{VERSION}/{name}"
