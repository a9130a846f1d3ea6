"""A client of all masters of a cluster, with the methods that redis-py's client of one Redis has. For one thread."""

import time
from collections.abc import Mapping, Sequence
from typing import Any

from redis import Redis
from redis.client import Pipeline
from redis.exceptions import AskError, MovedError, RedisError, TryAgainError

from contracts.redis_cluster.commands import AWAY, REDIRECTS, Command, checked, first_good, in_order
from contracts.redis_cluster.slots import TRIES, TRY_AGAIN_S, key_of, slot_of
from contracts.redis_cluster.sync_at_once import at_once
from contracts.redis_cluster.sync_masters import Masters


class ClusterRedis(Redis):
    """Commands raise what those of one Redis raise; of a slot that no master has, ClusterDownError, a RedisError."""

    def __init__(self, masters: Masters) -> None:
        super().__init__(connection_pool=masters.seed_pool)
        self.masters = masters

    def close(self) -> None:
        self.masters.close()

    def execute_command(self, *words: Any, **options: Any) -> Any:
        """Send a command to the master of its key; one that has no key, to all, for the first answer of any."""
        key = key_of(words)
        if key is None:
            return self._everywhere(words, options)
        importing: Redis | None = None
        for _ in range(TRIES):
            try:
                if importing is None:
                    return self.masters.of(key).execute_command(*words, **options)  # type: ignore[no-untyped-call]
                client, importing = importing, None
                return _asking(client, words, options)
            except MovedError as moved:
                self.masters.moved(moved.slot_id, (moved.host, moved.port))
            except AskError as ask:
                importing = self.masters.at((ask.host, ask.port))
            except TryAgainError:
                time.sleep(TRY_AGAIN_S)
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

    def run(self, commands: Sequence[Command]) -> list[Any]:
        """Return the answer to each command, or what went wrong with it, after one round trip to each master."""
        places: dict[Redis, list[int]] = {}
        for place, (words, _) in enumerate(commands):
            key = key_of(words)
            assert key is not None, "a pipeline's commands have keys"
            places.setdefault(self.masters.of(key), []).append(place)
        told = at_once([(client, [commands[place] for place in its]) for client, its in places.items()])
        answers = in_order(places.values(), told)
        if any(isinstance(answer, AWAY) for answer in answers):
            self.masters.doubt()
        for place, answer in enumerate(answers):
            if isinstance(answer, REDIRECTS):
                answers[place] = self._again(*commands[place])
        return answers

    def _again(self, words: tuple[Any, ...], options: Mapping[str, Any]) -> Any:
        try:
            return self.execute_command(*words, **options)
        except (RedisError, OSError) as error:
            return error

    def _everywhere(self, words: tuple[Any, ...], options: Mapping[str, Any]) -> Any:
        told = at_once([(client, [(words, options)]) for client in self.masters.all()])
        return first_good([answer for [answer] in told])


class _ClusterPipeline(Pipeline):
    def __init__(self, cluster: ClusterRedis) -> None:
        super().__init__(cluster.connection_pool, {}, False, None)  # type: ignore[no-untyped-call]
        self._cluster = cluster

    def execute(self, raise_on_error: bool = True) -> list[Any]:
        commands, self.command_stack = self.command_stack, []
        return checked(self._cluster.run(commands), raise_on_error)


def _asking(client: Redis, words: tuple[Any, ...], options: Mapping[str, Any]) -> Any:
    """Ask a master that does not have the key's slot yet, but has the key, as another one said."""
    [[_, answer]] = at_once([(client, [(("ASKING",), {}), (words, options)])])
    if isinstance(answer, Exception):
        raise answer
    return answer
