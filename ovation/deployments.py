"""The deployments of the jobs: each job once for the screens and once for the history."""

from dataclasses import dataclass
from pathlib import Path

from ovation.data_dir import CHECKOUT


@dataclass(frozen=True, slots=True)
class Deployment:
    """One job with one sink."""

    job: str
    sink: str

    @property
    def name(self) -> str:
        """The name under which Flink shows it: what `jobs/` sets as `pipeline.name`."""
        return f"{self.job} --sink {self.sink}"

    @property
    def slug(self) -> str:
        """The folder of its checkpoints and savepoints."""
        return f"{self.job}-{self.sink}"

    @property
    def program(self) -> Path:
        """The file that `flink run -py` takes."""
        return CHECKOUT / "jobs" / f"{self.job}.py"


DEPLOYMENTS = tuple(
    Deployment(job, sink) for job in ("reaction_window", "poll_dedup") for sink in ("redis", "clickhouse")
)
