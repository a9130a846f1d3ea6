"""Asks other gateways what they took of a session, and tells them what this one took.

Who is asked takes nothing more of that session on the connection that it had, so what it says stays true: a frame that
was slow on its way there is not taken after it was taken here.
"""

import asyncio
from contextlib import suppress
from itertools import count

from redis.asyncio import Redis
from redis.exceptions import RedisError

from gateway import metrics
from gateway.auth import Viewer
from gateway.idempotency.seal import Seal
from gateway.resend import left_behind, messages
from gateway.resend.heard import Heard
from gateway.resend.messages import Ask, Told
from gateway.resend.names import Place, session_key
from gateway.resend.session import Session
from gateway.resend.sessions import Sessions
from gateway.resend.wire import Wire

ANSWER_S = 1.0
"""How long another gateway may not listen: its own connection to Redis may be coming back."""
LISTENS_S = 4.0
"""How long one that listens may take to say what it took: it lives, on a machine that may be full."""
_TRY_AGAIN_S = 0.1
_LATELY_S = 60.0
"""How long clients send taps again."""
_VOTES_S = 1.0
"""How long a gateway that stops waits for votes that are on their way to Kafka."""
_LEAVE_S = 4.0


class Edges:
    """Lives on the event loop. `settle_s` is how long a vote may wait for Kafka."""

    def __init__(self, redis: Redis, redis_url: str, secret: str, life: str, settle_s: float) -> None:
        self.life = life
        self.sessions = Sessions()
        self.settle_s = settle_s
        self._redis = redis
        self._seal = Seal(secret.encode())
        self._wire = Wire(redis, redis_url, life, self._take)
        self._numbers = count(1)
        self._asked: dict[int, Heard] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def listening(self) -> asyncio.Event:
        """Set while others can ask."""
        return self._wire.listening

    def start(self) -> None:
        self._wire.start()

    async def close(self) -> None:
        """Stop, when no socket is open any more, and leave behind what the others may have to know."""
        with suppress(RedisError, OSError, TimeoutError):
            async with asyncio.timeout(_LEAVE_S):
                await self._leave()
        for task in self._tasks:
            task.cancel()
        await self._wire.close()

    def key(self, viewer: Viewer, name: str) -> bytes:
        """Return the key of a viewer's session."""
        return session_key(self._seal, viewer, name)

    async def ask(self, place: Place, key: bytes) -> Heard | None:
        """Return what another gateway says of a session, or None if it does not say anything in time."""
        number = next(self._numbers)
        heard = self._asked[number] = Heard()
        try:
            await self._hear(Ask(number, self.life, key, place.birth), place, heard)
        except (RedisError, OSError, TimeoutError):
            metrics.RESEND_ASKS.labels("silent").inc()
            return None
        else:
            metrics.RESEND_ASKS.labels("answered").inc()
            return heard
        finally:
            if heard.is_whole or not heard.told.is_set():
                del self._asked[number]
            else:
                asyncio.get_running_loop().call_later(self.settle_s + ANSWER_S, self._give_up, number)

    async def _hear(self, ask: Ask, place: Place, heard: Heard) -> None:
        """Return once there is an answer. Raises TimeoutError, RedisError or OSError if there is none."""
        question, loop = messages.encode(ask, self._seal, place.life), asyncio.get_running_loop()
        deadline_s, listens = loop.time() + ANSWER_S, False
        while not heard.told.is_set():
            # A timeout cancels only once, and in Python 3.11 `asyncio.wait_for`, in the Redis client, may swallow that.
            if loop.time() >= deadline_s:
                raise TimeoutError
            if not listens:
                async with asyncio.timeout_at(deadline_s):
                    listens = await self._wire.send(place.life, question)
                deadline_s = loop.time() + LISTENS_S if listens else deadline_s
            await _wait(heard.told, _TRY_AGAIN_S)
            if heard.told.is_set():
                return
            # Who stops may have had the question, and not come to answer it.
            async with asyncio.timeout_at(deadline_s):
                left = await left_behind.find(self._redis, self._seal, place, ask.key)
            if left is not None:
                heard.take(left)
                heard.give_up()

    async def _leave(self) -> None:
        lately = list(self.sessions.recent(_LATELY_S))
        waiting = [awaited for _, session in lately for awaited in session.waiting()]
        if waiting:
            await asyncio.wait(waiting, timeout=_VOTES_S)
        await left_behind.leave(self._redis, self._seal, self.life, lately)

    def _give_up(self, number: int) -> None:
        heard = self._asked.pop(number, None)
        if heard is not None:
            heard.give_up()

    def _take(self, raw: bytes) -> None:
        try:
            message = messages.decode(raw, self._seal, self.life)
        except ValueError:  # msgspec's errors are of it.
            metrics.LIVE_MALFORMED.inc()
            return
        if isinstance(message, Ask):
            task = asyncio.create_task(self._answer(message))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        elif message.number in self._asked:
            self._asked[message.number].take(message.memory)

    async def _answer(self, ask: Ask) -> None:
        session = self.sessions.fence(ask.key, ask.birth)
        # Noted first: while the answer is sent, a vote that it calls waiting may get its own.
        waiting = [] if session is None else session.waiting()
        await self._tell(ask, session)
        if waiting:
            await asyncio.wait(waiting, timeout=self.settle_s)
            await self._tell(ask, session)

    async def _tell(self, ask: Ask, session: Session | None) -> None:
        told = Told(ask.number, None if session is None else session.memory())
        if session is not None:
            session.pack()
        # Who asked waits no longer than it would for nobody.
        with suppress(RedisError, OSError):
            await self._wire.send(ask.reply_to, messages.encode(told, self._seal, ask.reply_to))


async def _wait(event: asyncio.Event, at_most_s: float) -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(at_most_s):
            await event.wait()
