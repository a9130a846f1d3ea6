"""All limits of a gateway. What each counts, and how much, is said in `gateway.settings`."""

from gateway.auth import Broadcaster, Viewer
from gateway.limits.address import subscriber
from gateway.limits.limit import Limit
from gateway.settings import Settings


class Limits:
    """Asked once for each request or frame, as soon as it is known whose it is."""

    def __init__(self, settings: Settings) -> None:
        burst_s = settings.limit_burst_s
        self._addresses = Limit("address", settings.limit_address_per_s, burst_s)
        self._viewers = Limit("viewer", settings.limit_viewer_requests_per_s, burst_s)
        self._streams = Limit("stream", settings.limit_stream_per_s, burst_s)
        self._api_keys = Limit("api-key", settings.limit_api_key_per_s, burst_s)
        self._taps = Limit("taps", settings.limit_viewer_taps_per_s, burst_s)

    def admit_address(self, host: str | None) -> None:
        """Count a request or handshake of its address, None for one without. Raises Refused."""
        # Who comes by a Unix socket is the proxy in front; it knows the addresses.
        if host is not None:
            self._addresses.take(subscriber(host))

    def admit_viewer(self, viewer: Viewer) -> None:
        """Count a request or frame of a viewer, and of its stream. Raises Refused."""
        self._viewers.take(_key(viewer))
        # A broadcaster's own calls do not count here: a stream that is stormed can still be ended.
        self._streams.take(viewer.stream_id)

    def admit_invite(self, invite: Viewer) -> None:
        """Count a request with an invite of its stream. Raises Refused.

        Many people hold the same one, so it is no caller of its own: their addresses are.
        """
        self._streams.take(invite.stream_id)

    def admit_broadcaster(self, broadcaster: Broadcaster) -> None:
        """Count a request with an API key. Raises Refused."""
        self._api_keys.take(broadcaster.key_id)

    def take_taps(self, viewer: Viewer, taps: int) -> int:
        """Return how many of a viewer's taps count now."""
        return self._taps.take_up_to(_key(viewer), taps)


def _key(viewer: Viewer) -> str:
    return f"{viewer.stream_id}|{viewer.viewer_id}"
