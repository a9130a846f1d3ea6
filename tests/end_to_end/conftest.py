"""The whole embedded stack, started once as `ovation up` does it, on free ports and in a folder of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from local.parts import PROCESSES, processes_of
from local.secrets import load_or_create
from local.settings import read_settings
from local.stack import Stack
from ovation.addresses import Addresses
from ovation.bring_up import bring_up
from ovation.flink_api import Flink
from ovation.take_down import take_down

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test in this folder; the first of them also waits for the stack."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.stack)
            item.add_marker(pytest.mark.timeout(600))


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    stack = Stack(read_settings(tmp_path_factory.mktemp("stack"), ephemeral_ports=True))
    try:
        bring_up(stack, processes_of(PROCESSES), jobs=True)
        yield stack
    finally:
        take_down(stack)


@pytest.fixture(scope="session")
def addresses(stack: Stack) -> Addresses:
    key = load_or_create(stack.settings.data_dir).api_key.get_secret_value()
    return Addresses.model_validate({**stack.settings.addresses(), "api_key": key})


@pytest.fixture(scope="session")
def flink(addresses: Addresses) -> Flink:
    return Flink(addresses.flink_url)
