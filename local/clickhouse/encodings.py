"""HTTP content encodings, both ways, as ClickHouse and its clients use them. Nothing unpacks without a bound."""

import gzip
import zlib
from collections.abc import Callable
from typing import Protocol

import lz4.frame
from backports import zstd

from local.clickhouse.errors import BAD_ARGUMENTS, QUERY_IS_TOO_LARGE, QueryError


class _Decompressor(Protocol):
    @property
    def eof(self) -> bool: ...

    @property
    def unused_data(self) -> bytes: ...

    def decompress(self, data: bytes, max_length: int, /) -> bytes: ...


_DECOMPRESSORS: dict[str, Callable[[], _Decompressor]] = {
    "gzip": lambda: zlib.decompressobj(16 + zlib.MAX_WBITS),
    "deflate": zlib.decompressobj,
    "lz4": lz4.frame.LZ4FrameDecompressor,
    "zstd": zstd.ZstdDecompressor,
}
_COMPRESSORS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": lambda data: gzip.compress(data, 3),
    "deflate": lambda data: zlib.compress(data, 3),
    "lz4": lz4.frame.compress,
    "zstd": lambda data: zstd.compress(data, 1),
}


def decompress(data: bytes, encoding: str, limit: int) -> bytes:
    """Return `data` unpacked: one compressed frame or several on end, at most `limit` bytes.

    Raises QueryError for an unknown encoding, damaged or cut data, and for what would be larger.
    """
    if encoding in ("", "identity"):
        return data
    if encoding not in _DECOMPRESSORS:
        raise QueryError(BAD_ARGUMENTS, f"Unknown Content-Encoding {encoding!r}; known: {', '.join(_DECOMPRESSORS)}.")
    parts: list[bytes] = []
    room = limit
    while data:
        frame = _DECOMPRESSORS[encoding]()
        try:
            part = frame.decompress(data, room + 1)
        except (zlib.error, RuntimeError, zstd.ZstdError) as error:
            raise QueryError(BAD_ARGUMENTS, f"The body is not {encoding}: {error}.") from error
        room -= len(part)
        if room < 0:
            raise QueryError(QUERY_IS_TOO_LARGE, f"The body unpacks to more than {limit} bytes.")
        if not frame.eof:
            raise QueryError(BAD_ARGUMENTS, f"The {encoding} body ends too early.")
        parts.append(part)
        data = frame.unused_data or b""  # lz4 says None
    return b"".join(parts)


def choose(accept_encoding: str) -> str | None:
    """Return the first encoding of an Accept-Encoding header that can be had."""
    for item in accept_encoding.split(","):
        name, _, weight = item.partition(";")
        if name.strip() in _COMPRESSORS and weight.strip() not in ("q=0", "q=0.0"):
            return name.strip()
    return None


def compress(data: bytes, encoding: str) -> bytes:
    """Pack an answer. `encoding` comes from `choose`."""
    return _COMPRESSORS[encoding](data)
