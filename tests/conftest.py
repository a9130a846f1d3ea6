"""The whole embedded stack, started once for all tests that need it, as `ovation up` does it, on free ports.

Where tests run side by side, those on the stack stay together, and so do those of one file.
"""

from collections.abc import Iterator

import pytest

from local.parts import PROCESSES, processes_of
from local.settings import read_settings
from local.stack import Stack
from ovation.addresses import Addresses
from ovation.bring_up import bring_up
from ovation.embedded import addresses_of
from ovation.flink_api import Flink
from ovation.take_down import take_down


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Say what has to run in one process, before anybody reads it."""
    for item in items:
        on_stack = item.get_closest_marker("stack") is not None
        item.add_marker(pytest.mark.xdist_group("stack" if on_stack else item.path.name))


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
    return addresses_of(stack.settings)


@pytest.fixture(scope="session")
def flink(addresses: Addresses) -> Flink:
    return Flink(addresses.flink_url)
