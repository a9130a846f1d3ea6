"""One write that has an Idempotency-Key and is done here: what Redis knows of it while it goes on."""

import secrets
from typing import cast

import structlog
from starlette.requests import Request
from starlette.responses import Response

from gateway import problems
from gateway.idempotency.leftovers import Leftovers
from gateway.idempotency.record import MAX_ANSWER_BYTES, Answer, Record, encode
from gateway.idempotency.seal import Seal
from gateway.idempotency.store import Store, Unreachable
from gateway.refusal import Refused

log = structlog.get_logger(__name__)

SCOPE_KEY = "ovation.write"
"""Where a request's scope holds its `Write`."""


class Write:
    """`sealed` is the text in Redis that is this write's own."""

    def __init__(self, name: str, fingerprint: bytes, store: Store, seal: Seal, leftovers: Leftovers) -> None:
        self.name = name
        self.fingerprint = fingerprint
        self._store = store
        self._seal = seal
        self._leftovers = leftovers
        self.sealed = self._text(Record(fingerprint))

    def derived(self, purpose: str) -> bytes:
        """Return 32 bytes that a repetition of this very request gets again, and that nobody can guess."""
        return self._seal.digest(purpose.encode(), self.name.encode(), self.fingerprint)

    async def answer_first(self, response: Response) -> None:
        """Keep the answer before what it says is done. Raises Refused if that is not certain; then it must not be done.

        Until `finish`, nobody is told the answer but who finds that this gateway has died in between.
        """
        text = self._text(Record(self.fingerprint, Answer.of(response)))
        try:
            is_own = await self._store.replace(self.name, self.sealed, text)
        except Unreachable as error:
            self._leftovers.add(self.name, text)
            raise Refused(problems.IDEMPOTENCY_UNAVAILABLE) from error
        if not is_own:
            raise Refused(problems.IDEMPOTENCY_IN_PROGRESS, retry_after_s=1)
        self.sealed = text

    async def finish(self, response: Response) -> None:
        """Keep the answer to what was done, or forget a write that says itself that it shall come again."""
        if response.status_code >= 500 or "retry-after" in response.headers:
            await self._forget()
        elif len(response.body) > MAX_ANSWER_BYTES:
            log.error("an answer is too large to be kept", bytes=len(response.body))
            await self._forget()
        else:
            text = self._text(Record(self.fingerprint, Answer.of(response), is_done=True))
            try:
                await self._store.replace(self.name, self.sealed, text)
            except Unreachable:
                log.info("an answer is not kept: redis is away")

    def abandon(self) -> None:
        """Let the same request be done again, as soon as Redis answers."""
        self._leftovers.add(self.name, self.sealed)

    async def _forget(self) -> None:
        try:
            await self._store.drop(self.name, self.sealed)
        except Unreachable:
            self.abandon()

    def _text(self, record: Record) -> bytes:
        return self._seal.close(encode(record), self.name)


def write_of(request: Request) -> Write | None:
    """Return the write that a request is, if it has an Idempotency-Key."""
    return cast("Write | None", request.scope.get(SCOPE_KEY))


def new_id(request: Request, hex_chars: int) -> str:
    """Return an id for what a request creates: a random one, but for the same Idempotency-Key the same one.

    So a repetition after a crash finds what the first request made.
    """
    return _bytes(request, "id").hex()[:hex_chars]


def new_secret(request: Request) -> bytes:
    """Return 32 secret bytes, random or, as `new_id`, the same for the same Idempotency-Key."""
    return _bytes(request, "secret")


def _bytes(request: Request, purpose: str) -> bytes:
    write = write_of(request)
    return secrets.token_bytes(32) if write is None else write.derived(purpose)
