"""Headers by which a caller could say that it is somebody else, from a peer that is no proxy of ours.

127.0.1.1 is such a peer: only 127.0.0.1 is believed unless `FORWARDED_ALLOW_IPS` names another.
"""

import asyncio
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import aiohttp
import pytest

from tests.gateway.api import Api
from tests.gateway.processes import gateway
from tests.security.attacker import Connection, connection, post
from tests.security.conftest import NO_LIMITS

ADDRESS = 20
_ROUNDS = 60


_PEERS = count(1)
"""Each test calls from an address of its own, whose share nobody has used."""


@pytest.fixture(scope="module")
def limited_url(bootstrap: str, redis_url: str, folder: Path) -> Iterator[str]:
    limits = {**NO_LIMITS, "limit_address_per_s": ADDRESS, "limit_burst_s": 1}
    process, url = gateway(bootstrap, redis_url, folder, **limits)
    process.start()
    yield url
    assert process.stop() == 0


@pytest.fixture
def limited(session: aiohttp.ClientSession, limited_url: str) -> Api:
    return Api(session, limited_url)


@pytest.fixture(scope="module")
def viewer(limited_url: str) -> tuple[str, str]:
    """Return where a viewer taps, and their token: one for all tests, as asking for them has a share, too."""

    async def prepare() -> tuple[str, str]:
        async with aiohttp.ClientSession() as session:
            api = Api(session, limited_url)
            stream = await api.stream()
            return f"/v1/streams/{stream}/reactions", await api.token(stream)

    return asyncio.run(prepare())


async def _tap(caller: Connection, path: str, token: str, header: str, value: str, *, chunked: bool = False) -> int:
    raw = post(path, '{"counts":{"🔥":1}}'.encode(), token, chunked=chunked)
    return (await caller.ask(raw.replace(b"host: x", f"host: x\r\n{header}: {value}".encode()))).status


@pytest.mark.parametrize(
    "header", ["x-forwarded-for", "forwarded", "x-real-ip", "x-client-ip", "true-client-ip", "cf-connecting-ip"]
)
@pytest.mark.parametrize("chunked", [False, True], ids=["short way", "usual way"])
async def test_a_made_up_address_escapes_no_limit(
    limited: Api, viewer: tuple[str, str], header: str, chunked: bool
) -> None:
    path, token = viewer
    before = "for=" if header == "forwarded" else ""
    async with connection(limited, f"127.0.1.{next(_PEERS)}") as caller:
        statuses = [
            await _tap(caller, path, token, header, f"{before}203.0.113.{number}", chunked=chunked)
            for number in range(_ROUNDS)
        ]
    assert 429 in statuses
    assert statuses.count(202) < 2 * ADDRESS


async def test_a_proxy_is_believed_only_of_who_called_it(limited: Api, viewer: tuple[str, str]) -> None:
    """What a caller writes into the header itself stands before what the proxy adds."""
    path, token = viewer
    async with connection(limited, "127.0.0.1") as proxy:
        statuses = [
            await _tap(proxy, path, token, "x-forwarded-for", f"203.0.113.{number}, 198.51.100.7")
            for number in range(_ROUNDS)
        ]
        assert 429 in statuses
        assert await _tap(proxy, path, token, "x-forwarded-for", "198.51.100.8") == 202


@pytest.mark.parametrize("header", ["x-forwarded-host", "x-forwarded-server", "x-original-host", "forwarded"])
async def test_no_header_but_host_says_which_origin_is_the_gateways_own(api: Api, header: str) -> None:
    stream = await api.stream()
    token = await api.token(stream)
    value = "host=evil.example" if header == "forwarded" else "evil.example"
    headers = {"origin": "https://evil.example", header: value}
    async with api.session.ws_connect(
        f"{api.url}/v1/streams/{stream}/ws", protocols=["ovation.v1", f"bearer.{token}"], headers=headers
    ) as socket:
        message = await socket.receive(5)
    assert (message.data, message.extra) == (4403, "foreign-origin")
