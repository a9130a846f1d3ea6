"""Names that gateways and clients call each other by."""

from secrets import token_hex
from typing import NamedTuple

from gateway.auth import Viewer
from gateway.idempotency.seal import Seal

_KEY_BYTES = 16


class Place(NamedTuple):
    """Where a frame was sent: a gateway's life, and the birth of the session there."""

    life: str
    birth: int


def new_life(edge: str) -> str:
    """Return a name for one life of a gateway: started again it remembers nothing, so it must not have its old name."""
    return f"{edge}-{token_hex(4)}"


def write_place(place: Place) -> str:
    """Return the name of an edge as clients get it."""
    return f"{place.life}.{place.birth}"


def read_place(edge: str) -> Place | None:
    """Return the place that a client names, or None if it is none that a gateway wrote."""
    life, dot, birth = edge.rpartition(".")
    return Place(life, int(birth)) if dot and birth.isascii() and birth.isdecimal() and len(birth) <= 18 else None


def session_key(seal: Seal, viewer: Viewer, name: str) -> bytes:
    """Return the key of a viewer's session, at every gateway the same. It gives away nothing of the viewer."""
    parts = ("session", viewer.stream_id, viewer.viewer_id, name)
    return seal.digest(*(part.encode() for part in parts))[:_KEY_BYTES]
