"""Gateways with a Kafka and a Redis of their own, and nothing else: no job runs, the bench plays them."""

import secrets
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from bench.last_mile.publisher import THIRTY_EMOJIS
from local import gateway, kafka, redis
from local.ports import free_ports
from local.running import running
from local.secrets import load_or_create
from local.settings import StackSettings, read_settings
from ovation.audience.voters.tokens import Signer
from ovation.client.gateway import GatewayClient
from ovation.topics import create_topics


@dataclass(frozen=True, slots=True)
class Gateway:
    """A gateway that runs."""

    settings: StackSettings
    pid: int

    @property
    def address(self) -> tuple[str, int]:
        return "127.0.0.1", self.settings.gateway_port

    async def open_stream(self) -> str:
        """Open a stream of as many emojis as there may be, and return its id."""
        key = load_or_create(self.settings.data_dir).api_key.get_secret_value()
        async with GatewayClient(self.settings.gateway_url, key) as client:
            return await client.open_stream("The last mile", THIRTY_EMOJIS, f"last-mile-{secrets.token_hex(4)}")

    def tokens(self, stream_id: str, number: int) -> list[str]:
        """Return the tokens of so many viewers."""
        signer = Signer.of(load_or_create(self.settings.data_dir).token_secret, stream_id)
        return [signer.token(f"viewer-{viewer}", {}) for viewer in range(number)]


@contextmanager
def kafka_and_redis(folder: Path) -> Iterator[StackSettings]:
    """Run both in `folder`, on free ports."""
    settings = read_settings(folder, ephemeral_ports=True)
    with ExitStack() as stack:
        stack.enter_context(running(kafka.part(settings), settings))
        stack.enter_context(running(redis.part(settings), settings))
        create_topics(settings.kafka_bootstrap)
        yield settings


@contextmanager
def lone_gateway(settings: StackSettings, **more: object) -> Iterator[Gateway]:
    """Run a new gateway beside them, on a port of its own, with more settings if wanted."""
    own = settings.model_copy(update={"gateway_port": free_ports(1)[0]})
    part = gateway.part(own, load_or_create(settings.data_dir))
    env = {**part.env, **{f"OVATION_{name.upper()}": str(value) for name, value in more.items()}}
    with running(replace(part, name=f"gateway-{own.gateway_port}", env=env), own) as process:
        yield Gateway(own, process.pid)
