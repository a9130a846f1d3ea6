"""Where the parts are, and so what starts one: `ovation up` starts the embedded stack's, and their owner all others."""

from dataclasses import dataclass
from pathlib import Path

from ovation.addresses import Addresses
from ovation.clickhouse import server_of
from ovation.data_dir import DEFAULT

SERVICES = {"flink": "jobmanager taskmanager"}
"""Names in docker-compose.yml, where a part's is another."""


@dataclass(frozen=True, slots=True)
class Place:
    """The addresses of a deployment, and the data folder of those that are the embedded stack's, else None."""

    addresses: Addresses
    data_dir: Path | None = None

    def address(self, part: str) -> str:
        """Return a part's address as it may be shown: without what lets one in."""
        if part == "kafka":
            return self.addresses.kafka_bootstrap
        if part == "redis":
            return server_of(self.addresses.redis_url.get_secret_value())
        url: str = getattr(self.addresses, f"{part}_url")
        return server_of(url)

    def ovation(self, words: str) -> str:
        """Return the `ovation` command with these words, for this deployment."""
        is_elsewhere = self.data_dir is not None and self.data_dir != DEFAULT
        return f"OVATION_DATA_DIR={self.data_dir} ovation {words}" if is_elsewhere else f"ovation {words}"

    def start(self, part: str) -> str:
        """Return the command that starts a part which is not there."""
        if self.data_dir is not None:
            return self.ovation("up")
        return f"docker compose up --detach {SERVICES.get(part, part)}    # or however {self.address(part)} is run"

    def restart_jobmanager(self) -> str:
        """Return the command after which another JobManager runs; the embedded stack starts one itself."""
        if self.data_dir is not None:
            return self.ovation("up")
        return f"docker compose restart jobmanager    # or however {self.address('flink')} is run"

    def log(self, part: str) -> str:
        """Return the command that shows a part's log."""
        if self.data_dir is not None:
            return f"tail -n 50 {self.data_dir}/logs/{part}*.log"
        return f"docker compose logs --tail 50 {SERVICES.get(part, part)}"
