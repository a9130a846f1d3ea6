"""The overlay's address, as it is given to OBS."""

from tests.browser.messages import STREAM
from tests.browser.stand_in import StandIn, token

OVERLAY = token(role="overlay")


def overlay_link(stand_in: StandIn, query: str = "", overlay_token: str = OVERLAY) -> str:
    """Return the address of the overlay of the stand-in's stream; `query` without its question mark."""
    return f"{stand_in.url}/overlay/{STREAM}?{query}#token={overlay_token}"
