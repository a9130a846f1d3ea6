"""The broker of docker-compose.yml, started by the same script, on free ports and with a listener for TLS beside."""

import datetime
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from confluent_kafka import OFFSET_BEGINNING, Consumer, KafkaError, KafkaException, Producer, TopicPartition
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from contracts.kafka_login import KafkaLogin, Security
from contracts.kafka_rights import GATEWAY, JOBS, OPERATOR
from contracts.topics import ALL
from gateway.kafka.config import producer_config
from local.java import find_java
from local.paths import CHECKOUT, KAFKA_JARS, LOG4J_CONFIG
from local.ports import free_ports
from tests.gateway.processes import Process

FOLDER = CHECKOUT / "docs" / "kafka"
PASSWORDS = {OPERATOR: "password-of-the-operator", GATEWAY: "password of gateways", JOBS: "password-of-jobs,=]'"}
WORDS = {OPERATOR: "OPERATOR_PASSWORD", GATEWAY: "GATEWAY_PASSWORD", JOBS: "JOBS_PASSWORD"}
_TOOLS = {
    "kafka-storage.sh": "kafka.tools.StorageTool",
    "kafka-configs.sh": "kafka.admin.ConfigCommand",
    "kafka-server-start.sh": "kafka.Kafka",
}


@dataclass(frozen=True)
class Broker:
    """Where it listens, without TLS and with it, and the certificate that the latter is signed with."""

    bootstrap: str
    tls: str
    ca_file: Path
    log: Path

    def address(self, security: Security) -> str:
        return self.tls if security == "sasl_ssl" else self.bootstrap

    def login(self, user: str, security: Security = "sasl_plaintext", password: str | None = None) -> KafkaLogin:
        ca_file = str(self.ca_file) if security == "sasl_ssl" else ""
        return KafkaLogin(security, user, PASSWORDS[user] if password is None else password, ca_file)

    def environment(self, user: str, security: Security = "sasl_plaintext") -> dict[str, str]:
        """Return what a program is told of it, beside where it is."""
        login = self.login(user, security)
        told = {"SECURITY": security, "USERNAME": user, "PASSWORD": login.password, "CA_FILE": login.ca_file}
        return {f"OVATION_KAFKA_{name}": value for name, value in told.items()}


@contextmanager
def kafka_with_users(folder: Path) -> Iterator[Broker]:
    clients, broker, controller, tls = free_ports(4)
    settings, tools, ready = folder / "settings", folder / "bin", folder / "users-are-set"
    settings.mkdir()
    ca_file = _certificates(folder)
    text = (FOLDER / "server.properties").read_text()
    for old, new in {
        "/var/lib/kafka/data": str(folder / "data"),
        "CLIENTS://:9092": f"CLIENTS://127.0.0.1:{clients}",
        "CLIENTS://kafka:9092": f"CLIENTS://127.0.0.1:{clients}",
        "127.0.0.1:9094": f"127.0.0.1:{broker}",
        "127.0.0.1:9093": f"127.0.0.1:{controller}",
        "listeners=CLIENTS": f"listeners=TLS://127.0.0.1:{tls},CLIENTS",
        "protocol.map=": "protocol.map=TLS:SASL_SSL,",
    }.items():
        assert old in text
        text = text.replace(old, new)
    mine = [
        line.replace(".clients.", ".tls.") for line in text.splitlines() if line.startswith("listener.name.clients")
    ]
    mine += [
        "listener.name.tls.ssl.keystore.type=PEM",
        f"listener.name.tls.ssl.keystore.location={folder / 'server.pem'}",
    ]
    mine += ["offsets.topic.num.partitions=1"]
    (settings / "server.properties").write_text(text + "\n".join(mine) + "\n")
    for name in ("itself.properties", "start.sh"):
        (settings / name).write_text((FOLDER / name).read_text())
    _write_tools(tools)
    process = Process(
        ("/bin/sh", str(settings / "start.sh")),
        ready.exists,
        folder / "kafka-with-users.log",
        {
            "KAFKA_BIN": str(tools),
            "READY": str(ready),
            **{WORDS[user]: password for user, password in PASSWORDS.items()},
        },
    )
    process.start()
    try:
        yield Broker(f"127.0.0.1:{clients}", f"127.0.0.1:{tls}", ca_file, process.log)
    finally:
        process.stop(signal.SIGKILL)


def _write_tools(folder: Path) -> None:
    """Write the commands of a Kafka distribution that the script needs, over the jars of the embedded stack."""
    folder.mkdir()
    for name, main in _TOOLS.items():
        java = f"exec {find_java()} -Xmx384m -XX:TieredStopAtLevel=1 -Dlog4j2.configurationFile={LOG4J_CONFIG}"
        (folder / name).write_text(f"#!/bin/sh\n{java} -cp '{KAFKA_JARS}/*' {main} \"$@\"\n")
        (folder / name).chmod(0o755)


def _certificates(folder: Path) -> Path:
    """Write the server's key and certificate, and return the file of who signed it."""
    now = datetime.datetime.now(datetime.UTC)
    authority_key, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    authority = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "authority")])

    def signed(subject: x509.Name, of: ec.EllipticCurvePrivateKey, extension: x509.ExtensionType) -> bytes:
        builder = x509.CertificateBuilder().subject_name(subject).issuer_name(authority).public_key(of.public_key())
        builder = builder.serial_number(x509.random_serial_number()).add_extension(extension, critical=False)
        builder = builder.not_valid_before(now - datetime.timedelta(hours=1))
        builder = builder.not_valid_after(now + datetime.timedelta(hours=4))
        return builder.sign(authority_key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)

    ca_file = folder / "ca.pem"
    ca_file.write_bytes(signed(authority, authority_key, x509.BasicConstraints(ca=True, path_length=None)))
    server = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "kafka")])
    names = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "server.pem").write_bytes(private + signed(server, key, names))
    return ca_file


def write(kafka: Broker, user: str, topic: str, value: bytes = b"{}") -> None:
    """Write as the gateway's producer does. Raises KafkaException."""
    producer = Producer(producer_config("test", kafka.bootstrap, 0, 20_000, kafka.login(user)))
    told: list[Any] = []
    producer.produce(topic, value, key=b"test", on_delivery=lambda error, _: told.append(error))
    assert producer.flush(30) == 0
    if told[0] is not None:
        raise KafkaException(told[0])


def read(kafka: Broker, user: str, topic: str, group: str | None = None) -> list[bytes]:
    """Return the first records of a topic, and commit that they were read, if there is a group for it.

    Raises KafkaException where either is refused.
    """
    told = {"bootstrap.servers": kafka.bootstrap, "group.id": group or "none", "enable.auto.commit": False}
    consumer = Consumer({**told, **kafka.login(user).librdkafka()})
    try:
        # A topic that one may not even see is to a reader as one that is not there yet.
        unseen = consumer.list_topics(topic, 20).topics[topic].error
        if unseen is not None:
            raise KafkaException(unseen)
        numbers = range(next(each.partitions for each in ALL if each.name == topic))
        consumer.assign([TopicPartition(topic, number, OFFSET_BEGINNING) for number in numbers])
        found: list[bytes] = []
        deadline = time.monotonic() + 20
        while not found:
            assert time.monotonic() < deadline, f"nothing is in {topic}"
            for message in consumer.consume(100, timeout=0.2):
                error, value = message.error(), message.value()
                if error is None:
                    found.append(value or b"")
                elif error.code() == KafkaError.TOPIC_AUTHORIZATION_FAILED:
                    raise KafkaException(error)
        if group:
            committed = consumer.commit(asynchronous=False)
            for place in committed or []:
                if place.error is not None:
                    raise KafkaException(place.error)
        return found
    finally:
        consumer.close()
