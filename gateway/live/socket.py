"""One open socket: the picture goes out, frames come in, and neither holds the other up.

Everything that goes out passes the mailbox. A socket that takes nothing for `slow_s` is closed with code 1013 (try
again later).
"""

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any

from starlette.websockets import WebSocket, WebSocketDisconnect

from gateway import metrics
from gateway.live.conversation import Conversation
from gateway.live.hub import StreamHub
from gateway.live.mailbox import Mailbox

ABORT = "ovation.abort"
"""Name of the ASGI extension by which the server lets a connection be cut (gateway.live.protocol)."""

_CLOSE_S = 1.0
_TRY_AGAIN_LATER = 1013


class Socket:
    """Runs one accepted socket until it closes."""

    def __init__(self, websocket: WebSocket, mailbox: Mailbox, slow_s: float) -> None:
        self._websocket = websocket
        self._mailbox = mailbox
        self._slow_s = slow_s
        self._tasks: set[asyncio.Task[None]] = set()

    async def run(self, hub: StreamHub, conversation: Conversation) -> None:
        """Show the hub's picture and take frames until either side closes."""
        hub.join(self._mailbox)
        writer = self._spawn(self._write())
        metrics.SOCKETS.inc()
        try:
            await self._read(writer, conversation)
        finally:
            metrics.SOCKETS.dec()
            hub.leave(self._mailbox)
            conversation.close()
            for task in self._tasks:
                task.cancel()

    async def _read(self, writer: asyncio.Task[None], conversation: Conversation) -> None:
        while True:
            message = await self._websocket.receive()
            if message["type"] == "websocket.disconnect" or writer.done():
                return
            raw = message.get("text")
            conversation.take(message["bytes"] if raw is None else raw)
            await self._mailbox.room()

    async def _write(self) -> None:
        loop = asyncio.get_running_loop()
        with suppress(WebSocketDisconnect, RuntimeError):  # It closed while something was on its way out.
            while True:
                text = await self._mailbox.next()
                watchdog = loop.call_later(self._slow_s, self._give_up)
                try:
                    await self._websocket.send({"type": "websocket.send", "text": text})
                finally:
                    watchdog.cancel()

    def _give_up(self) -> None:
        metrics.SOCKETS_SLOW.inc()
        self._spawn(self._close())

    async def _close(self) -> None:
        # The close frame stands behind what the client does not take, so it may never get out.
        with suppress(TimeoutError, WebSocketDisconnect, RuntimeError):
            async with asyncio.timeout(_CLOSE_S):
                await self._websocket.close(_TRY_AGAIN_LATER, "too slow: messages were not taken in time")
                return
        abort: Callable[[], None] | None = self._websocket.scope["extensions"].get(ABORT)
        if abort is not None:
            abort()

    def _spawn(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task
