"""The engine as a process of its own on a free port, without the rest of the stack: for tests and benchmarks."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import clickhouse_connect

from local.paths import CHECKOUT


@dataclass(frozen=True)
class Server:
    """A running server. `ready_line` is what it printed when it could be reached."""

    url: str
    process: subprocess.Popen[str]
    ready_line: str

    @property
    def port(self) -> int:
        return int(self.url.rpartition(":")[2])

    def client(self, **options: Any) -> Any:
        return clickhouse_connect.get_client(
            host="127.0.0.1", port=self.port, autogenerate_session_id=False, dedicated_pool=True, **options
        )


def launch(data_dir: Path, port: int = 0, config: Path | None = None) -> subprocess.Popen[str]:
    """Start the process without waiting for it."""
    command = [sys.executable, "-m", "local.clickhouse", "--data-dir", str(data_dir), "--port", str(port)]
    if config is not None:
        command += ["--config", str(config)]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, cwd=CHECKOUT, stdout=pipe, stderr=pipe, text=True)  # noqa: S603


@contextmanager
def running(data_dir: Path, config: Path | None = None) -> Iterator[Server]:
    """Run a server on a free port until the block ends; then end it with SIGTERM, or SIGKILL if that takes too long."""
    process = launch(data_dir, config=config)
    with process:
        try:
            assert process.stdout is not None
            ready_line = process.stdout.readline()
            assert ready_line, process.stderr and process.stderr.read()
            yield Server(ready_line.split()[-1], process, ready_line)
        finally:
            process.terminate()
            try:
                process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                process.kill()
