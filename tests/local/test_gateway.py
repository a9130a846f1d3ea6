from pydantic import SecretStr

from local import gateway
from local.secrets import StackSecrets
from local.settings import StackSettings

SECRETS = StackSecrets(SecretStr("key-value"), SecretStr("token-value"), SecretStr("voter-value"))


def test_the_gateway_is_told_where_the_stack_is(fixed: StackSettings) -> None:
    env = gateway.part(fixed, SECRETS).env

    assert env["OVATION_KAFKA_BOOTSTRAP"] == "127.0.0.1:9092"
    assert env["OVATION_REDIS_URL"] == "redis://127.0.0.1:6379/0"
    assert env["OVATION_GATEWAY_HOST"] == "127.0.0.1"
    assert env["OVATION_API_KEYS"] == "key-value"


def test_no_secret_is_on_the_command_line_or_in_a_repr(fixed: StackSettings) -> None:
    part = gateway.part(fixed, SECRETS)

    for shown in (repr(part), repr(SECRETS), " ".join(part.command)):
        assert "-value" not in shown
