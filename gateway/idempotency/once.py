"""Does a write once, and answers it again.

The first request claims its key in Redis, is done, and leaves its answer there, sealed, for 24 hours. The claim of a
gateway that died ends by itself; what was done by then is found again by its derived id (gateway.idempotency.write), or
is harmless twice. Taps are neither, so their answer is kept before they are counted.
"""

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Message, Scope

from gateway import metrics, problems
from gateway.idempotency.key import fingerprint
from gateway.idempotency.leftovers import Leftovers
from gateway.idempotency.record import decode
from gateway.idempotency.seal import Seal
from gateway.idempotency.store import KEPT_MS, Found, Store, Unreachable
from gateway.idempotency.write import SCOPE_KEY, Write
from gateway.refusal import Refused

CLAIM_MS = 20_000
"""Longer than any write takes."""
DONE_BY_MS = 5_000
"""An answer kept first is that of a gateway that died, if it says so long after that it may not be done yet."""

Run = Callable[[Request], Awaitable[Response]]


class OnceOnly:
    """Answers the writes of this gateway that have an Idempotency-Key. Redis is not touched before the first."""

    def __init__(self, redis_url: str, secret: str) -> None:
        self._store = Store(redis_url)
        self._seal = Seal(secret.encode())
        self._leftovers = Leftovers(self._store)

    async def answer(
        self, scope: Scope, body: bytes, caller: str, key: bytes, run: Run, *, repeatable: bool
    ) -> Response:
        """Return the answer to a request, by `run` or, if it was done before, as it was then.

        Without Redis, only what is `repeatable` is done. Raises Refused: the key stands for another request, or its
        request is not answered yet, or Redis is away.
        """
        name = self._seal.name(caller.encode(), key)
        write = Write(name, fingerprint(scope, body), self._store, self._seal, self._leftovers)
        try:
            found = await self._store.claim(name, write.sealed, CLAIM_MS)
        except Unreachable as error:
            if error.was_asked:
                write.abandon()
            if not repeatable:
                raise Refused(problems.IDEMPOTENCY_UNAVAILABLE) from error
            return await run(_request(scope, body))
        if found is not None:
            return self._replay(write, found)
        scope[SCOPE_KEY] = write
        try:
            response = await run(_request(scope, body))
        except BaseException:
            write.abandon()
            raise
        await write.finish(response)
        return response

    async def close(self) -> None:
        await self._leftovers.close()
        await self._store.close()

    def _replay(self, write: Write, found: Found) -> Response:
        try:
            record = decode(self._seal.open(found.sealed, write.name))
        except ValueError as error:
            raise Refused(problems.IDEMPOTENCY_UNAVAILABLE, "What Redis holds of this key cannot be read.") from error
        if record.fingerprint != write.fingerprint:
            raise Refused(problems.IDEMPOTENCY_KEY_REUSED)
        if record.answer is None or (not record.is_done and KEPT_MS - found.left_ms < DONE_BY_MS):
            raise Refused(problems.IDEMPOTENCY_IN_PROGRESS, retry_after_s=1)
        metrics.REPLAYED.inc()
        return record.answer.response()


def _request(scope: Scope, body: bytes) -> Request:
    """Return the request once more, with the body that was read."""

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    return Request(scope, receive)
