"""Kafka with a user for each program (docs/kafka, contracts/kafka_rights.py): each may do what it does, and no more."""

import asyncio
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from confluent_kafka import KafkaException
from kafka import KafkaAdminClient, TopicPartition
from kafka.admin import NewPartitions, NewTopic
from kafka.errors import (
    AuthorizationError,
)

from contracts.kafka_login import KafkaLogin, Security
from contracts.kafka_rights import GATEWAY, GROUPS, JOBS, OPERATOR
from contracts.topics import CONTROL, DEAD_LETTERS, REACTIONS, VOTES
from ovation.errors import OvationError
from ovation.kafka_grants import grant_rights
from tests.compose import SERVICES
from tests.gateway.api import Api
from tests.gateway.processes import gateway
from tests.security.conftest import NO_LIMITS
from tests.security.kafka_with_users import PASSWORDS, WORDS, Broker, read, write

_FAST = {"bootstrap_timeout_ms": 10_000, "request_timeout_ms": 10_000}


def admin(kafka: Broker, login: KafkaLogin) -> Any:
    return closing(KafkaAdminClient(bootstrap_servers=kafka.address(login.security), **_FAST, **login.kafka_python()))


@pytest.mark.parametrize("security", ["sasl_plaintext", "sasl_ssl"])
async def test_a_gateway_does_its_work(
    session: aiohttp.ClientSession, redis_url: str, folder: Path, kafka: Broker, security: Security
) -> None:
    process, address = gateway(kafka.address(security), redis_url, folder, **NO_LIMITS)
    process.env |= kafka.environment(GATEWAY, security)
    process.start()
    try:
        api = Api(session, address)
        stream = await api.stream()
        poll = await api.poll(stream)
        token = await api.token(stream)
        assert (await api.react(stream, token, {"🔥": 1})).status == 202
        assert (await api.vote(stream, poll, token, ["1"])).status == 202
        assert (await api.step(stream, poll, "close")).status == 200
        # It learns of what it wrote itself by reading it, and asks how far the jobs have come.
        await api.until_status(stream, poll, "closed", 20)
        async with asyncio.timeout(20):
            while "ovation_history_lag_seconds{" not in (await api.call("GET", "/metrics")).body:  # noqa: ASYNC110
                await asyncio.sleep(0.1)
    finally:
        assert process.stop() == 0
    for topic in (REACTIONS, VOTES):
        assert any(stream.encode() in value for value in read(kafka, JOBS, topic.name))
    assert PASSWORDS[GATEWAY] not in process.log.read_text()


def test_a_job_does_its_work(kafka: Broker) -> None:
    for topic in (REACTIONS, VOTES, CONTROL):
        write(kafka, GATEWAY, topic.name)
        for group in GROUPS:
            assert read(kafka, JOBS, topic.name, group)
    write(kafka, JOBS, DEAD_LETTERS.name)
    assert read(kafka, OPERATOR, DEAD_LETTERS.name)


FORBIDDEN: dict[str, Callable[[Broker, str], object]] = {
    "make a topic": lambda kafka, user: _ask(kafka, user, lambda ask: ask.create_topics([NewTopic("mine", 1, 1)])),
    "make a topic larger": lambda kafka, user: _ask(
        kafka, user, lambda ask: ask.create_partitions({VOTES.name: NewPartitions(9)})
    ),
    "delete a topic": lambda kafka, user: _ask(kafka, user, lambda ask: ask.delete_topics([VOTES.name])),
    "give rights": lambda kafka, user: grant_rights(kafka.bootstrap, kafka.login(user)),
    "read dead letters": lambda kafka, user: read(kafka, user, DEAD_LETTERS.name),
}


def _about_another_group(client: Any) -> None:
    client.list_group_offsets({"another": [TopicPartition(VOTES.name, 0)]})


OF_ONE = [
    (GATEWAY, "read votes", lambda kafka, user: read(kafka, user, VOTES.name)),
    (GATEWAY, "read reactions", lambda kafka, user: read(kafka, user, REACTIONS.name)),
    (GATEWAY, "write dead letters", lambda kafka, user: write(kafka, user, DEAD_LETTERS.name)),
    (GATEWAY, "commit for a job", lambda kafka, user: read(kafka, user, CONTROL.name, GROUPS[0])),
    (JOBS, "write votes", lambda kafka, user: write(kafka, user, VOTES.name)),
    (JOBS, "write reactions", lambda kafka, user: write(kafka, user, REACTIONS.name)),
    (JOBS, "write control", lambda kafka, user: write(kafka, user, CONTROL.name)),
    (JOBS, "ask about another's group", lambda kafka, user: _ask(kafka, user, _about_another_group)),
]
ALL_FORBIDDEN = [
    *((user, what, does) for user in (GATEWAY, JOBS) for what, does in FORBIDDEN.items()),
    *OF_ONE,
]


def _ask(kafka: Broker, user: str, question: Callable[[Any], object]) -> None:
    with admin(kafka, kafka.login(user)) as client:
        question(client)


@pytest.mark.parametrize(
    ("user", "what", "does"), ALL_FORBIDDEN, ids=lambda value: value if isinstance(value, str) else ""
)
def test_neither_may_do_anything_else(
    kafka: Broker, user: str, what: str, does: Callable[[Broker, str], object]
) -> None:
    with pytest.raises((AuthorizationError, KafkaException, OvationError)) as refused:
        does(kafka, user)
    assert "uthoriz" in repr(refused.value), what


def test_compose_starts_kafka_so() -> None:
    service = SERVICES["kafka"]
    assert "./docs/kafka:/etc/ovation-kafka:ro" in service["volumes"]
    assert service["command"] == ["sh", "/etc/ovation-kafka/start.sh"]
    assert service["environment"].keys() == set(WORDS.values())
    assert "/tmp/users-are-set" in str(service["healthcheck"]["test"])


@pytest.mark.parametrize(
    ("program", "user"),
    [
        ("gateway", GATEWAY),
        ("jobmanager", JOBS),
        ("taskmanager", JOBS),
        ("submit", JOBS),
        ("migrate", OPERATOR),
    ],
)
def test_each_program_of_compose_is_its_own_user(program: str, user: str) -> None:
    told = SERVICES[program]["environment"]
    assert told["OVATION_KAFKA_USERNAME"] == user
    assert told["OVATION_KAFKA_PASSWORD"] == SERVICES["kafka"]["environment"][WORDS[user]]
    if program not in ("jobmanager", "taskmanager"):
        assert told["OVATION_KAFKA_SECURITY"] == "sasl_plaintext"


def test_compose_gives_the_rights_before_anything_needs_them() -> None:
    assert SERVICES["migrate"]["command"][-2:] == ["migrate", "--grant"]
    for program in ("gateway", "submit"):
        assert SERVICES[program]["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}
