"""A gateway with streams that are open, and the requests and sockets of viewers who may use them."""

import asyncio
import secrets
from dataclasses import dataclass

import msgspec

from bench.last_mile.gateway import Gateway
from bench.stack.frames import batches
from local.secrets import load_or_create
from ovation.audience.voters.tokens import Signer
from ovation.client.gateway import GatewayClient

EMOJIS = ("🔥", "❤️", "😂", "👏", "😮", "🎉")
LIMITS = {
    "limit_viewer_taps_per_s": 1_000_000,
    "limit_viewer_requests_per_s": 1_000_000,
    "limit_stream_per_s": 1_000_000,
    "limit_address_per_s": 1_000_000,
}
"""All are counted and none is met: a few hundred viewers and one address play a crowd here."""


@dataclass(frozen=True, slots=True)
class Scene:
    """Streams of a gateway, by what signs their viewers' tokens."""

    gateway: Gateway
    signers: dict[str, Signer]

    @classmethod
    def of(cls, gateway: Gateway, streams: int) -> "Scene":
        """Open so many streams."""
        return asyncio.run(_opened(gateway, streams))

    def taps(self, viewers: int, taps: int = 1) -> list[bytes]:
        """Return a request of each viewer, spread over the streams: so many taps of one emoji."""
        requests = []
        streams = list(self.signers.items())
        for viewer in range(viewers):
            stream_id, signer = streams[viewer % len(streams)]
            body = msgspec.json.encode({"counts": {EMOJIS[viewer % len(EMOJIS)]: taps}})
            path = f"/v1/streams/{stream_id}/reactions"
            requests.append(request(path, signer.token(f"viewer-{viewer}", {}), body))
        return requests

    def seats(self, viewers: int) -> list[tuple[str, str]]:
        """Return path and token of a socket for each viewer, spread over the streams."""
        streams = list(self.signers.items())
        seats = []
        for viewer in range(viewers):
            stream_id, signer = streams[viewer % len(streams)]
            seats.append((f"/v1/streams/{stream_id}/ws", signer.token(f"viewer-{viewer}", {})))
        return seats

    def frames(self, taps: int) -> list[bytes]:
        """Return frames of so many taps, one of each emoji."""
        return batches(EMOJIS, taps)

    @property
    def token_secret(self) -> str:
        return load_or_create(self.gateway.settings.data_dir).token_secret.get_secret_value()


def request(path: str, token: str, body: bytes) -> bytes:
    """Return a whole request."""
    head = (
        f"POST {path} HTTP/1.1\r\nhost: ovation\r\ncontent-type: application/json\r\nauthorization: Bearer {token}\r\n"
    )
    return f"{head}content-length: {len(body)}\r\n\r\n".encode() + body


async def _opened(gateway: Gateway, streams: int) -> Scene:
    found = load_or_create(gateway.settings.data_dir)
    run = secrets.token_hex(4)
    async with GatewayClient(gateway.settings.gateway_url, found.api_key.get_secret_value()) as client:
        ids = [await client.open_stream("At the edge", EMOJIS, f"edge-{run}-{place}") for place in range(streams)]
    return Scene(gateway, {stream_id: Signer.of(found.token_secret, stream_id) for stream_id in ids})
