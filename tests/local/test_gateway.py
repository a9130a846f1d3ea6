import pytest
from pydantic import SecretStr

from contracts.kafka_login import PLAINTEXT
from gateway.settings import Settings
from local import gateway
from local.secrets import StackSecrets
from local.settings import StackSettings
from ovation.embedded import addresses_of

SECRETS = StackSecrets(SecretStr("key-value"), SecretStr("token-value"), SecretStr("voter-value"))


def test_the_gateway_is_told_where_the_stack_is(fixed: StackSettings) -> None:
    env = gateway.part(fixed, SECRETS).env

    assert env["OVATION_KAFKA_BOOTSTRAP"] == "127.0.0.1:9092"
    assert env["OVATION_REDIS_URL"] == "redis://127.0.0.1:6379/0"
    assert env["OVATION_CLICKHOUSE_USER"] == "ovation_reader"
    assert env["OVATION_GATEWAY_HOST"] == "127.0.0.1"
    assert env["OVATION_API_KEYS"] == "key-value"


def test_one_caller_may_be_a_whole_crowd_and_the_gateway_takes_these_settings(fixed: StackSettings) -> None:
    secrets = StackSecrets(SecretStr("key-value"), SecretStr("t" * 32), SecretStr("v" * 32))
    env = gateway.part(fixed, secrets).env
    settings = Settings(**{name.removeprefix("OVATION_").lower(): value for name, value in env.items()})  # type: ignore[arg-type]

    assert settings.limit_address_per_s >= 100_000
    assert settings.limit_api_key_per_s >= 100_000
    assert settings.limit_viewer_taps_per_s == Settings.model_fields["limit_viewer_taps_per_s"].default


def test_a_kafka_with_users_that_the_environment_speaks_of_is_another(
    settings: StackSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {"SECURITY": "sasl_ssl", "USERNAME": "somebody", "PASSWORD": "something"}.items():
        monkeypatch.setenv(f"OVATION_KAFKA_{name}", value)
    assert addresses_of(settings).kafka_login == PLAINTEXT
    for name, value in gateway.part(settings, SECRETS).env.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("OVATION_TOKEN_SECRET", "t" * 32)
    monkeypatch.setenv("OVATION_VOTER_SECRET", "v" * 32)
    assert Settings().kafka_login == PLAINTEXT  # type: ignore[call-arg]


def test_no_secret_is_on_the_command_line_or_in_a_repr(fixed: StackSettings) -> None:
    part = gateway.part(fixed, SECRETS)

    for shown in (repr(part), repr(SECRETS), " ".join(part.command)):
        assert "-value" not in shown
