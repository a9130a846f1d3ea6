"""Where the stack's programs are installed, and what its data folder holds."""

import hashlib
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from ovation import data_dir

CHECKOUT = data_dir.CHECKOUT
INSTALLED = CHECKOUT / ".local"
"""What `make install` fills."""
KAFKA_JARS = INSTALLED / "kafka"
MIRROR_JARS = INSTALLED / "mirror"
FLINK_HOME = INSTALLED / "flink"
FLINK_CONNECTORS = INSTALLED / "flink-connectors"
FLINK_CONF = CHECKOUT / "flink-conf"
LOG4J_CONFIG = CHECKOUT / "local" / "log4j2.properties"

PYTHON = Path(sys.executable)
"""The interpreter of the virtual environment; its symbolic link is kept, or the environment would be lost."""

MAX_SOCKET_PATH = 90
"""Bytes: Linux allows 107 and macOS 103, and supervisord adds its process id while it binds."""


@dataclass(frozen=True, slots=True)
class DataDir:
    """The folders and files of one stack."""

    root: Path

    @property
    def run(self) -> Path:
        """Files of the running stack: configuration, process ids, socket."""
        return self.root / "run"

    @property
    def logs(self) -> Path:
        """One rotated log per part."""
        return self.root / "logs"

    @property
    def supervisor_config(self) -> Path:
        return self.run / "supervisord.conf"

    @property
    def supervisor_pid(self) -> Path:
        return self.run / "supervisord.pid"

    @property
    def settings(self) -> Path:
        """The settings that the running stack was started with."""
        return self.run / "settings.json"

    @property
    def socket(self) -> Path:
        """The supervisor's socket: in the data folder, or in the system's temporary one when that path is too long."""
        return self._socket("supervisor")

    def workers_socket(self, taskmanager: str) -> Path:
        """The socket of who forks a TaskManager's Python workers."""
        return self._socket(taskmanager)

    def _socket(self, name: str) -> Path:
        path = self.run / f"{name}.sock"
        if len(bytes(path)) <= MAX_SOCKET_PATH:
            return path
        digest = hashlib.sha256(bytes(self.root) + name.encode()).hexdigest()[:16]
        return Path(tempfile.gettempdir()) / f"ovation-{digest}.sock"

    def log(self, part: str) -> Path:
        """Return the log of `part`."""
        return self.logs / f"{part}.log"

    def create(self) -> None:
        """Create the folders, closed to other users."""
        for folder in (self.root, self.run, self.logs):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
