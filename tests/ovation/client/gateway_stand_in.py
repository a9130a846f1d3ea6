"""A server that answers as a gateway may, once in a while, in the worst case."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer

from local.ports import free_ports
from ovation.client.gateway import GatewayClient

Handler = Callable[[web.Request], Coroutine[Any, Any, web.StreamResponse]]


@asynccontextmanager
async def gateway(path: str, handler: Handler, port: int = 0) -> AsyncIterator[TestServer]:
    """Serve `handler` at `path`, for every method."""
    app = web.Application()
    app.router.add_route("*", path, handler)
    server = TestServer(app, port=port or free_ports(1)[0])
    await server.start_server(shutdown_timeout=0.1)
    try:
        yield server
    finally:
        await server.close()


@asynccontextmanager
async def client(url: str) -> AsyncIterator[GatewayClient]:
    """Return a client that leaves no connection behind."""
    async with GatewayClient(url, "key") as opened:
        yield opened
    await asyncio.sleep(0)
