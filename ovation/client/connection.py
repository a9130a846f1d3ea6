"""A socket to one of several gateways, made again whenever it goes, each of them in turn.

A gateway says where those of other regions are. They have their turn after a second try at each of the own.
"""

import asyncio
import random
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from http import HTTPStatus
from itertools import count

import aiohttp

from ovation.client.addresses import elsewhere
from ovation.client.answers import problem
from ovation.client.backoff import Backoff
from ovation.client.closing import final_problem
from ovation.client.errors import ProblemError

PING_S = 12.0
"""A gateway that is silent for longer is asked whether it is there, and is given half as long to answer."""
CONNECT_S = 10.0
GOODBYE_S = 1.0
STEADY_S = 5.0
"""A connection that held so long is no reason to wait longer before the next."""
MAX_MESSAGE_BYTES = 1 << 20
_SUBPROTOCOL = "ovation.v1"
_WORTH_ANOTHER_TRY = (HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS)


class Connection:
    """Runs one viewer's socket. `addresses` are those of the same socket at each gateway.

    `take` gets every message, `lost` is called when a connection is gone, and `again` before another one is made.
    """

    def __init__(
        self,
        http: aiohttp.ClientSession,
        addresses: Sequence[str],
        token: str,
        take: Callable[[str], None],
        lost: Callable[[], None],
        again: Callable[[], None],
    ) -> None:
        self._http = http
        self._addresses = addresses
        self._elsewhere: list[str] = []
        self._headers = {"Authorization": f"Bearer {token}"}
        self._take = take
        self._lost = lost
        self._again = again
        self._dropping: asyncio.Task[bool] | None = None
        self.ws: aiohttp.ClientWebSocketResponse | None = None
        """The socket, while there is one. It is read here; whoever writes to it hears of its end by `lost`."""
        self.made = 0
        """How many connections there were."""

    async def run(self) -> None:
        """Stay connected until cancelled. Raises ProblemError when a gateway refuses for good, and what `take` does."""
        loop = asyncio.get_running_loop()
        backoff = Backoff(random.Random())  # noqa: S311 - jitter guards nothing
        for address in self._in_turn():
            began, asked_s = loop.time(), 0.0
            try:
                await self._once(address)
            except aiohttp.WSServerHandshakeError as error:
                asked_s = await self._refused(address, error)
            except (aiohttp.ClientError, TimeoutError, OSError):
                pass
            self._again()
            if loop.time() - began > STEADY_S:
                backoff.reset()
            await asyncio.sleep(asked_s + backoff.next())

    def welcomed(self, regions: Sequence[str]) -> None:
        """Learn where the gateways of other regions are."""
        for address in (elsewhere(self._addresses[0], url) for url in regions):
            if address not in (*self._addresses, *self._elsewhere):
                self._elsewhere.append(address)

    def _in_turn(self) -> Iterator[str]:
        for turn in count():
            twice = self._addresses if not self._elsewhere else [*self._addresses, *self._addresses]
            known = [*twice, *self._elsewhere]
            yield known[turn % len(known)]

    def drop(self) -> None:
        """Give up the connection that there is, and make another."""
        if self.ws is not None and self._dropping is None:
            self._dropping = asyncio.create_task(self.ws.close())

    async def _once(self, address: str) -> None:
        async with asyncio.timeout(CONNECT_S):
            ws = await self._http.ws_connect(
                address,
                headers=self._headers,
                protocols=(_SUBPROTOCOL,),
                heartbeat=PING_S,
                max_msg_size=MAX_MESSAGE_BYTES,
                timeout=aiohttp.ClientWSTimeout(ws_close=GOODBYE_S),
            )
        reason = ""
        try:
            self.ws = ws
            self.made += 1
            while True:
                message = await ws.receive()
                if message.type is aiohttp.WSMsgType.TEXT:
                    self._take(message.data)
                elif message.type is not aiohttp.WSMsgType.BINARY:
                    reason = message.extra or "" if message.type is aiohttp.WSMsgType.CLOSE else ""
                    break
        finally:
            self.ws = None
            self._lost()
            if self._dropping is not None:
                await self._dropping
                self._dropping = None
            await ws.close()
        final = final_problem(ws.close_code, reason)
        if final is not None:
            raise final

    async def _refused(self, address: str, error: aiohttp.WSServerHandshakeError) -> float:
        """Return the seconds after which the gateway wants to be asked again. Raises ProblemError for a final no."""
        if error.status >= HTTPStatus.INTERNAL_SERVER_ERROR or error.status in _WORTH_ANOTHER_TRY:
            asked = "" if error.headers is None else error.headers.get("Retry-After", "")
            return float(asked) if asked.isdecimal() else 0.0
        raise await self._why(address) or ProblemError(error.status, "socket-refused", error.message) from error

    async def _why(self, address: str) -> ProblemError | None:
        """Ask for the stream with the same token: of a refused socket aiohttp keeps the status only."""
        found = None
        with suppress(aiohttp.ClientError, TimeoutError, OSError):
            async with (
                asyncio.timeout(CONNECT_S),
                self._http.get(_stream(address), headers=self._headers) as response,
            ):
                if HTTPStatus.BAD_REQUEST <= response.status < HTTPStatus.INTERNAL_SERVER_ERROR:
                    found = problem(response.status, await response.read(), None)
        return None if found is None or found.name in ("", "about:blank") else found


def _stream(address: str) -> str:
    """Return the address of the stream whose socket this is."""
    return address.partition("?")[0].removesuffix("/ws")
