"""The gateway as one process, told of the stack's addresses and secrets by its environment."""

from dataclasses import replace

from local import ready
from local.clickhouse.users import READER
from local.part import Part, Port
from local.paths import PYTHON
from local.secrets import StackSecrets
from local.settings import NO_KAFKA_USERS, StackSettings

ONE_CALLER_PER_S = 100_000
"""More than this machine can send; no limit at all would leave the code of limits out of every test."""


def parts(settings: StackSettings, secrets: StackSecrets) -> tuple[Part, ...]:
    """Return the gateways of `settings`: `gateway`, and `gateway-2` and so on, if it has more ports for some."""
    others = (settings.model_copy(update={"gateway_port": port}) for port in settings.more_gateway_ports)
    numbered = (replace(part(own, secrets), name=f"gateway-{number}") for number, own in enumerate(others, start=2))
    return (part(settings, secrets), *numbered)


def part(settings: StackSettings, secrets: StackSecrets) -> Part:
    """Return the gateway of `settings`."""
    return Part(
        name="gateway",
        address=settings.gateway_url,
        command=(str(PYTHON), "-m", "gateway"),
        ready=lambda: ready.answers(settings.gateway_port, "/readyz"),
        ports=(Port(settings.gateway_port, "OVATION_GATEWAY_PORT"),),
        env={
            "OVATION_KAFKA_BOOTSTRAP": settings.kafka_bootstrap,
            **{f"OVATION_{name.upper()}": value for name, value in NO_KAFKA_USERS.items()},
            "OVATION_REDIS_URL": settings.redis_url,
            "OVATION_CLICKHOUSE_URL": settings.clickhouse_url,
            "OVATION_CLICKHOUSE_USER": READER,
            "OVATION_REGION": settings.region,
            "OVATION_REGIONS": settings.regions,
            "OVATION_GATEWAY_HOST": "127.0.0.1",
            "OVATION_GATEWAY_PORT": str(settings.gateway_port),
            "OVATION_API_KEYS": secrets.api_key.get_secret_value(),
            "OVATION_TOKEN_SECRET": secrets.token_secret.get_secret_value(),
            "OVATION_VOTER_SECRET": secrets.voter_secret.get_secret_value(),
            # A simulated audience is one address, and makes its whole crowd's tokens with one key.
            "OVATION_LIMIT_ADDRESS_PER_S": str(ONE_CALLER_PER_S),
            "OVATION_LIMIT_API_KEY_PER_S": str(ONE_CALLER_PER_S),
        },
        # It answers what it has taken, and hands it to Kafka, before it goes.
        stop_wait_s=60,
    )
