"""Real programs for the gateway's tests: a broker, a Redis, and gateways as the processes that they are."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from local import ready
from local.part import Part
from local.paths import CHECKOUT, PYTHON
from local.ports import free_ports
from local.settings import StackSettings, read_settings

API_KEY = "test-api-key"
TOKEN_SECRET = "t" * 40
VOTER_SECRET = "v" * 40


@dataclass
class Process:
    """A program that a test may stop, pause, kill and start again, on the same port and data."""

    command: tuple[str, ...]
    is_ready: Callable[[], bool]
    log: Path
    env: dict[str, str] = field(default_factory=dict)
    popen: subprocess.Popen[bytes] | None = None

    def start(self, wait: bool = True) -> None:
        with self.log.open("ab") as log:
            self.popen = subprocess.Popen(
                self.command,
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                env={**os.environ, **self.env},
                cwd=CHECKOUT,
            )
        if wait:
            until(self.is_ready, 60, f"{self.command[0]} is ready, see {self.log}")

    def send(self, number: signal.Signals) -> None:
        assert self.popen is not None
        self.popen.send_signal(number)

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Send a signal and return the exit status."""
        assert self.popen is not None
        if self.popen.poll() is None:
            self.send(signal.SIGCONT)
            self.send(number)
        return self.popen.wait(60)


def until(condition: Callable[[], bool], seconds: float, what: str) -> None:
    """Wait until `condition` holds; fail with `what` if it does not within `seconds`."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {seconds} s: {what}")
        time.sleep(0.02)


@contextmanager
def running(part: Part, folder: Path) -> Iterator[Process]:
    """Run a part of the embedded stack."""
    part.prepare()
    process = Process(part.command, part.ready, folder / f"{part.name}.log")
    process.start()
    try:
        yield process
    finally:
        process.stop(signal.SIGKILL)


def stack_settings(folder: Path) -> StackSettings:
    """Return settings with a folder and free ports of their own."""
    return read_settings(folder, ephemeral_ports=True)


def gateway(bootstrap: str, redis_url: str, folder: Path, **settings: object) -> tuple[Process, str]:
    """Return a gateway that is not started yet, and its URL."""
    port = free_ports(1)[0]
    env = {
        "OVATION_KAFKA_BOOTSTRAP": bootstrap,
        "OVATION_REDIS_URL": redis_url,
        # Nobody is there. At the usual port there may be a stack of whoever runs the tests.
        "OVATION_CLICKHOUSE_URL": "http://127.0.0.1:1",
        "OVATION_GATEWAY_PORT": str(port),
        "OVATION_API_KEYS": f"another-key,{API_KEY}",
        "OVATION_TOKEN_SECRET": TOKEN_SECRET,
        "OVATION_VOTER_SECRET": VOTER_SECRET,
        **{f"OVATION_{name.upper()}": str(value) for name, value in settings.items()},
    }
    log = folder / f"gateway-{port}.log"
    process = Process((str(PYTHON), "-m", "gateway"), lambda: ready.answers(port, "/readyz"), log, env)
    return process, f"http://127.0.0.1:{port}"
