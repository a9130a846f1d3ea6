"""Reads every account of one stream, again and again until they agree or the time is over."""

import asyncio
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Self

from clickhouse_connect.driver.exceptions import ClickHouseError
from redis.exceptions import BusyLoadingError, RedisError

from contracts.redis_cluster.sync import connect as connect_redis
from ovation.addresses import Addresses
from ovation.audience import ledger
from ovation.clickhouse import connect
from ovation.client.errors import CallError
from ovation.client.gateway import GatewayClient
from ovation.errors import OvationError
from ovation.verify import history_account, ledger_account, live_account, screen_account
from ovation.verify.gone import NOTHING_GONE, Gone
from ovation.verify.gone import gone as find_gone
from ovation.verify.numbers import Account
from ovation.verify.verdict import Verdict, judge

POLL_S = 0.5


class NotYetError(OvationError):
    """A store has just been started, and will answer."""


class Stores:
    """Connections to Redis and ClickHouse. Raises OvationError when one of them does not answer."""

    def __init__(self, addresses: Addresses) -> None:
        self._redis = connect_redis(addresses.redis_url.get_secret_value(), timeout_s=10)
        self._clickhouse = connect(
            addresses.clickhouse_url, addresses.clickhouse_user, addresses.clickhouse_password.get_secret_value()
        )

    def read(self, stream_id: str, poll_ids: Sequence[str], gone: Gone = NOTHING_GONE) -> list[Account]:
        """Return what live and history say, without what is gone."""
        with _said_plainly():
            return [
                *([] if gone.live else [live_account.read(self._redis, stream_id, poll_ids)]),
                history_account.read(self._clickhouse, stream_id, gone),
                *history_account.read_roll_ups(self._clickhouse, stream_id, gone),
            ]

    def gone(self, stream_id: str, poll_ids: Sequence[str]) -> Gone:
        """Return what of an old stream is gone, and so not to be compared."""
        with _said_plainly():
            return find_gone(self._redis, self._clickhouse, stream_id, poll_ids)

    def close(self) -> None:
        """Close both connections."""
        self._redis.close()
        self._clickhouse.close()


@contextmanager
def _said_plainly() -> Iterator[None]:
    """Turn what a store's client raises into an OvationError."""
    try:
        yield
    except BusyLoadingError as error:
        raise NotYetError(f"Redis does not answer yet: {error}") from error
    except RedisError as error:
        raise OvationError(f"Redis does not answer: {error}") from error
    except (ClickHouseError, OSError) as error:
        raise OvationError(f"ClickHouse does not answer: {error}") from error


class Verifier:
    """Compares streams of one deployment. Use it as a context manager."""

    def __init__(self, addresses: Addresses) -> None:
        self._gateway_url = addresses.gateway_url
        self._stores = Stores(addresses)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stores.close()

    async def verify(self, stream_id: str, promised: ledger.Stream | None, wait_s: float) -> Verdict:
        """Return the verdict on a stream, as soon as all agree or after `wait_s`: history is a few seconds behind.

        Raises OvationError when a place does not answer, or the gateway does not know the stream.
        """
        began = time.monotonic()
        async with GatewayClient(self._gateway_url) as gateway:
            while True:
                try:
                    verdict = await self._compare(gateway, stream_id, promised, began)
                except NotYetError:
                    if time.monotonic() - began > wait_s:
                        raise
                else:
                    if verdict.agrees or verdict.waited_s > wait_s:
                        return verdict
                await asyncio.sleep(POLL_S)

    async def _compare(
        self, gateway: GatewayClient, stream_id: str, promised: ledger.Stream | None, began: float
    ) -> Verdict:
        try:
            snapshot = await gateway.live(stream_id)
        except CallError as error:
            raise OvationError(f"The gateway shows no stream {stream_id}: {error}") from error
        poll_ids = sorted({poll["poll_id"] for poll in snapshot["polls"]} | set(promised.polls if promised else ()))
        gone = await asyncio.to_thread(self._stores.gone, stream_id, poll_ids)
        accounts = await asyncio.to_thread(self._stores.read, stream_id, poll_ids, gone)
        if not gone.live:
            accounts.append(screen_account.snapshot_account(snapshot))
        final = screen_account.final_account(snapshot)
        if final.numbers:
            accounts.append(final)
        if promised is not None:
            accounts.append(ledger_account.account(promised))
        return judge(stream_id, accounts, time.monotonic() - began, gone.sentences())
