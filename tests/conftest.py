"""The whole embedded stack, started once for all tests that need it, as `ovation up` does it, on free ports."""

import os
from collections.abc import Iterator

import pytest

from local.flink import QUICK
from local.parts import PROCESSES, processes_of
from local.ports import free_ports
from local.settings import read_settings
from local.stack import Stack
from ovation.addresses import Addresses
from ovation.bring_up import bring_up
from ovation.embedded import addresses_of
from ovation.flink_api import Flink
from ovation.take_down import take_down
from tests.collector import Collector, collecting

# A JVM of a test lives for a minute or two, of which the optimising compiler would take half; and the jars, whose
# digests were checked, need no check of each class.
os.environ.setdefault("JVM_ARGS", f"{' '.join(QUICK)} -XX:+UseSerialGC")
os.environ.setdefault("OVATION_JAVA_OPTIONS", " ".join(QUICK))


@pytest.fixture(scope="session")
def collector() -> Iterator[Collector]:
    """Yield where the stack's programs send their traces."""
    with collecting() as collector, pytest.MonkeyPatch.context() as environment:
        environment.setenv("OVATION_OTLP_ENDPOINT", collector.url)
        yield collector


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory, collector: Collector) -> Iterator[Stack]:
    settings = read_settings(tmp_path_factory.mktemp("stack"), ephemeral_ports=True)
    metrics = ",".join(map(str, free_ports(3)))
    stack = Stack(settings.model_copy(update={"flink_metrics_ports": metrics}))
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
