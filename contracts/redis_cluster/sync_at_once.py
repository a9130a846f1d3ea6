"""Asks several servers at the same time without threads: everything is written before anything is read."""

from collections.abc import Sequence
from typing import Any

from redis import Redis
from redis.exceptions import RedisError, ResponseError

from contracts.redis_cluster.commands import Command


def at_once(asked: Sequence[tuple[Redis, Sequence[Command]]]) -> list[list[Any]]:
    """Return what each server answers to its commands, in one round trip. What goes wrong is an answer, too."""
    sent = [_send(client, commands) for client, commands in asked]
    return [
        [connection] * len(commands) if isinstance(connection, Exception) else _read(client, connection, commands)
        for (client, commands), connection in zip(asked, sent, strict=True)
    ]


def _send(client: Redis, commands: Sequence[Command]) -> Any:
    """Return the connection on which an answer will come, or why none will."""
    try:
        connection = client.connection_pool.get_connection()
    except (RedisError, OSError) as error:
        return error
    try:
        connection.send_packed_command(connection.pack_commands([words for words, _ in commands]))
    except (RedisError, OSError) as error:
        client.connection_pool.release(connection)
        return error
    return connection


def _read(client: Redis, connection: Any, commands: Sequence[Command]) -> list[Any]:
    answers: list[Any] = []
    try:
        for words, options in commands:
            try:
                answers.append(client.parse_response(connection, words[0], **options))  # type: ignore[no-untyped-call]
            except ResponseError as error:
                answers.append(error)
    except (RedisError, OSError) as error:
        connection.disconnect()
        answers += [error] * (len(commands) - len(answers))
    finally:
        client.connection_pool.release(connection)
    return answers
