from pathlib import Path

import pytest
from pydantic import SecretStr, ValidationError

from contracts.kafka_login import KafkaLogin, checked
from gateway.settings import Settings
from jobs.settings import JobSettings
from ovation.addresses import Addresses

BAD = [
    ("USERNAME", KafkaLogin("sasl_plaintext", "", "xyzzy")),
    ("USERNAME", KafkaLogin("sasl_plaintext", "a user", "xyzzy")),
    ("USERNAME", KafkaLogin("sasl_ssl", 'a"; b', "xyzzy")),
    ("PASSWORD", KafkaLogin("sasl_ssl", "user")),
    ("PASSWORD", KafkaLogin("sasl_ssl", "user", 'xyzzy"')),
    ("PASSWORD", KafkaLogin("sasl_ssl", "user", "xyzzy\\")),
    ("PASSWORD", KafkaLogin("sasl_ssl", "user", "xyzzy\n")),
    ("PASSWORD", KafkaLogin("sasl_ssl", "user", "xyzzyé")),
    ("PASSWORD", KafkaLogin("plaintext", "", "xyzzy")),
    ("USERNAME", KafkaLogin("plaintext", "user")),
    ("CA_FILE", KafkaLogin("plaintext", ca_file=__file__)),
    ("CA_FILE", KafkaLogin("sasl_plaintext", "user", "xyzzy", __file__)),
]
GOOD = [
    KafkaLogin(),
    KafkaLogin("sasl_plaintext", "ovation_gateway", "!#$%&'()*+,-./:;<=>?@[]^_`{|}~ 09azAZ"),
    KafkaLogin("sasl_ssl", "a.user@example-1", "xyzzy"),
    KafkaLogin("sasl_ssl", "user", "xyzzy", __file__),
]


def _settings(login: KafkaLogin) -> dict[str, object]:
    needed = {name: SecretStr("k" * 40) for name in ("api_keys", "token_secret", "voter_secret")}
    return {
        **needed,
        "kafka_security": login.security,
        "kafka_username": login.username,
        "kafka_password": SecretStr(login.password),
        "kafka_ca_file": login.ca_file,
    }


@pytest.mark.parametrize("login", GOOD, ids=repr)
@pytest.mark.parametrize("program", [Settings, JobSettings, Addresses])
def test_a_good_one_stays_as_it_is(program: type, login: KafkaLogin) -> None:
    assert checked(login) == login
    settings = program(**_settings(login))
    assert settings.kafka_security == login.security
    assert program is JobSettings or settings.kafka_login == login


@pytest.mark.parametrize(("name", "login"), BAD, ids=str)
@pytest.mark.parametrize("program", [Settings, JobSettings, Addresses])
def test_every_program_refuses_what_does_not_go_together(program: type, name: str, login: KafkaLogin) -> None:
    with pytest.raises(ValidationError) as refused:
        program(**_settings(login))
    [error] = refused.value.errors()
    assert error["loc"] == ("kafka_security",)
    assert f"OVATION_KAFKA_{name}" in error["msg"]
    assert "xyzzy" not in str(refused.value)


def test_a_file_that_is_not_there_is_refused_where_it_is_read(tmp_path: Path) -> None:
    login = KafkaLogin("sasl_ssl", "user", "xyzzy", str(tmp_path / "none.pem"))
    with pytest.raises(ValidationError, match="OVATION_KAFKA_CA_FILE"):
        Settings(**_settings(login))  # type: ignore[arg-type]
    # Flink's processes may have it elsewhere than who submits.
    assert JobSettings(**_settings(login)).kafka_ca_file == login.ca_file  # type: ignore[arg-type]


def test_no_password_is_shown() -> None:
    login = KafkaLogin("sasl_ssl", "user", "xyzzy")
    assert "xyzzy" not in repr(login) + str(login)
    assert "xyzzy" not in repr(Addresses(**_settings(login)))  # type: ignore[arg-type]


def test_plaintext_changes_nothing_of_what_clients_are_told() -> None:
    assert KafkaLogin().librdkafka() == KafkaLogin().kafka_python() == {}
