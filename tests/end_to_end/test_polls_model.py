import asyncio
import os
import secrets
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from bench.gateways import further_gateways
from local.secrets import load_or_create
from local.stack import Stack
from ovation.addresses import Addresses
from ovation.audience.voters.tokens import Signer
from ovation.client.gateway import GatewayClient
from ovation.flink_api import Flink
from tests.end_to_end.poll_machine import GATEWAYS, PollMachine
from tests.end_to_end.poll_world import World

EXAMPLES = settings(
    max_examples=int(os.environ.get("POLL_LIVES", "2")),
    stateful_step_count=30,
    deadline=None,
    database=None,
    # A smaller example would take as long again each time it is tried.
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
    print_blob=True,
)


@pytest.fixture
def world(stack: Stack, addresses: Addresses, flink: Flink) -> Iterator[World]:
    secret = load_or_create(stack.settings.data_dir).token_secret
    key = addresses.api_key.get_secret_value()
    stream_id = f"model-{secrets.token_hex(4)}"
    with further_gateways(stack.settings, GATEWAYS - 1) as urls, asyncio.Runner() as runner:
        clients = [GatewayClient(url, key) for url in (addresses.gateway_url, *urls)]
        world = World(runner, clients, stream_id, Signer.of(secret, stream_id), flink)
        for client in clients:
            world.ask(client.__aenter__())
        world.ask(clients[0].open_stream("Polls and their model", ["🔥"], stream_id))
        yield world
        for client in clients:
            world.ask(client.__aexit__(None, None, None))


def test_whatever_is_done_to_a_poll_its_numbers_and_receipts_are_those_of_the_model(world: World) -> None:
    class InWorld(PollMachine):
        def __init__(self) -> None:
            super().__init__(world)

    run_state_machine_as_test(InWorld, settings=EXAMPLES)
