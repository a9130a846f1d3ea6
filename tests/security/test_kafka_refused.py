"""Kafka with a user for each program: who is no user gets nowhere, is told so, and reads no password."""

import json
import os
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from kafka import KafkaAdminClient
from kafka.errors import (
    KafkaError,
)

from contracts.kafka_login import PLAINTEXT, KafkaLogin
from contracts.kafka_rights import GATEWAY, JOBS, OPERATOR
from gateway.kafka.connect import connect
from local.paths import PYTHON
from local.ports import free_ports
from tests.gateway.processes import gateway, until
from tests.security.kafka_with_users import PASSWORDS, Broker

NOBODY: dict[str, Callable[[Broker], KafkaLogin]] = {
    "without a password": lambda kafka: PLAINTEXT,
    "with a wrong one": lambda kafka: kafka.login(GATEWAY, password="wrong"),
    "with another's": lambda kafka: kafka.login(GATEWAY, password=PASSWORDS[JOBS]),
    "as somebody unknown": lambda kafka: KafkaLogin("sasl_plaintext", "somebody", PASSWORDS[GATEWAY]),
    "as Kafka itself": lambda kafka: KafkaLogin("sasl_plaintext", "kafka", PASSWORDS[OPERATOR]),
}


@pytest.mark.parametrize("who", NOBODY)
def test_nobody_gets_in(kafka: Broker, who: str) -> None:
    login = NOBODY[who](kafka)
    told = {"bootstrap_servers": kafka.bootstrap, "bootstrap_timeout_ms": 5_000, **login.kafka_python()}
    with pytest.raises(KafkaError) as refused:
        connect(KafkaAdminClient, told)
    assert not [each for each in PASSWORDS.values() if each in str(refused.value)]


def test_a_gateway_with_a_wrong_password_says_so_and_not_the_password(
    redis_url: str, folder: Path, kafka: Broker
) -> None:
    process, _ = gateway(kafka.bootstrap, redis_url, folder)
    process.env |= {**kafka.environment(GATEWAY), "OVATION_KAFKA_PASSWORD": "a-wrong-one"}
    process.start(wait=False)
    try:
        until(lambda: "kafka refuses the user" in process.log.read_text(), 30, "the gateway says so")
    finally:
        process.stop(signal.SIGKILL)
    assert "a-wrong-one" not in process.log.read_text()


def doctor_on_kafka(kafka: Broker, **told: str) -> list[dict[str, str]]:
    """Return what `ovation doctor` finds wrong with Kafka."""
    closed = free_ports(4)
    urls = {f"OVATION_{name}_URL": f"http://127.0.0.1:{closed.pop()}" for name in ("GATEWAY", "CLICKHOUSE", "FLINK")}
    environment = {
        **os.environ,
        **urls,
        "OVATION_REDIS_URL": f"redis://127.0.0.1:{closed.pop()}",
        "OVATION_KAFKA_BOOTSTRAP": kafka.bootstrap,
        **told,
    }
    words = [str(PYTHON), "-m", "ovation", "doctor", "--json"]
    ran = subprocess.run(words, env=environment, capture_output=True, text=True, timeout=120, check=False)
    assert not [each for each in told.values() if "assword" in each and each in ran.stdout + ran.stderr]
    return [each for each in json.loads(ran.stdout)["findings"] if each["part"] == "kafka"]


def test_the_doctor_looks_as_the_operator_and_says_who_is_refused(kafka: Broker) -> None:
    told = kafka.environment(OPERATOR)
    assert not [each for each in doctor_on_kafka(kafka, **told) if "not answer" in each["what"]]
    [finding] = doctor_on_kafka(kafka, **{**told, "OVATION_KAFKA_PASSWORD": "a-wrong-password"})
    assert f"It may refuse {OPERATOR}" in finding["what"]
    [finding] = doctor_on_kafka(kafka)
    assert "OVATION_KAFKA_SECURITY" in finding["what"]


def test_the_broker_shows_no_password(kafka: Broker) -> None:
    log = kafka.log.read_text()
    assert "Kafka Server started" in log
    assert not [password for password in PASSWORDS.values() if password in log]
