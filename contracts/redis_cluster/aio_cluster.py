"""A client of all masters of a cluster, with the methods that redis-py's client of one Redis has."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from redis.asyncio import Redis
from redis.asyncio.client import Pipeline
from redis.exceptions import AskError, MovedError, RedisError, TryAgainError

from contracts.redis_cluster.aio_masters import Masters
from contracts.redis_cluster.commands import AWAY, REDIRECTS, Command, checked, first_good, in_order
from contracts.redis_cluster.slots import TRIES, TRY_AGAIN_S, key_of, slot_of


class ClusterRedis(Redis):
    """All masters of a cluster. Commands raise what those of one Redis raise; of a slot that no master has,
    ClusterDownError, which is a RedisError.
    """

    def __init__(self, masters: Masters) -> None:
        super().__init__(connection_pool=masters.seed_pool)
        self.masters = masters

    async def aclose(self, close_connection_pool: bool | None = None) -> None:
        await self.masters.close()

    async def execute_command(self, *words: Any, **options: Any) -> Any:
        """Send a command to the master of its key; one that has no key, to all, for the first answer of any."""
        key = key_of(words)
        if key is None:
            return await self._everywhere(words, options)
        importing: Redis | None = None
        for _ in range(TRIES):
            try:
                if importing is None:
                    client = await self.masters.of(key)
                    return await client.execute_command(*words, **options)  # type: ignore[no-untyped-call]
                client, importing = importing, None
                return await _asking(client, words, options)
            except MovedError as moved:
                self.masters.moved(moved.slot_id, (moved.host, moved.port))
            except AskError as ask:
                importing = self.masters.at((ask.host, ask.port))
            except TryAgainError:
                await asyncio.sleep(TRY_AGAIN_S)
            except AWAY:
                self.masters.doubt()
                raise
        raise TryAgainError(f"slot {slot_of(key)} moves")  # type: ignore[no-untyped-call]

    def publish(self, channel: Any, message: Any, **options: Any) -> Any:
        """Publish on the shard of the channel; return how many of that shard's subscribers took it."""
        return self.execute_command("SPUBLISH", channel, message, **options)

    def pipeline(self, transaction: bool = True, shard_hint: str | None = None) -> Pipeline:
        """Return a pipeline that asks every master once, all at the same time. There are no transactions."""
        if transaction:
            raise ValueError("a cluster has no transactions over several slots")
        return _ClusterPipeline(self)

    async def run(self, commands: Sequence[Command]) -> list[Any]:
        """Return the answer to each command, or what went wrong with it, after one round trip to each master."""
        places: dict[Redis, list[int]] = {}
        for place, (words, _) in enumerate(commands):
            key = key_of(words)
            assert key is not None, "a pipeline's commands have keys"
            places.setdefault(await self.masters.of(key), []).append(place)
        told = await asyncio.gather(
            *(_at_once(client, [commands[place] for place in its]) for client, its in places.items())
        )
        answers = in_order(places.values(), told)
        if any(isinstance(answer, AWAY) for answer in answers):
            self.masters.doubt()
        for place, answer in enumerate(answers):
            if isinstance(answer, REDIRECTS):
                answers[place] = await self._again(*commands[place])
        return answers

    async def _again(self, words: tuple[Any, ...], options: Mapping[str, Any]) -> Any:
        try:
            return await self.execute_command(*words, **options)
        except (RedisError, OSError) as error:
            return error

    async def _everywhere(self, words: tuple[Any, ...], options: Mapping[str, Any]) -> Any:
        clients = await self.masters.all()
        answers = await asyncio.gather(
            *(client.execute_command(*words, **options) for client in clients),  # type: ignore[no-untyped-call]
            return_exceptions=True,
        )
        return first_good(answers)


class _ClusterPipeline(Pipeline):
    def __init__(self, cluster: ClusterRedis) -> None:
        super().__init__(cluster.connection_pool, {}, False, None)
        self._cluster = cluster

    async def execute(self, raise_on_error: bool = True) -> list[Any]:
        commands, self.command_stack = self.command_stack, []
        return checked(await self._cluster.run(commands), raise_on_error)


async def _at_once(client: Redis, commands: Sequence[Command]) -> list[Any]:
    pipeline = client.pipeline(transaction=False)
    for words, options in commands:
        pipeline.execute_command(*words, **options)
    try:
        answers: list[Any] = await pipeline.execute(raise_on_error=False)
    except (RedisError, OSError) as error:
        return [error] * len(commands)
    return answers


async def _asking(client: Redis, words: tuple[Any, ...], options: Mapping[str, Any]) -> Any:
    """Ask a master that does not have the key's slot yet, but has the key, as another one said."""
    answer = (await _at_once(client, [(("ASKING",), {}), (words, options)]))[1]
    if isinstance(answer, RedisError | OSError):
        raise answer
    return answer
