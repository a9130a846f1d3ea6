"""The deployments of the jobs: each job once for the screens and once for the history."""

from dataclasses import dataclass
from pathlib import Path

from ovation.data_dir import CHECKOUT
from ovation.errors import OvationError


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


def choose(slug: str | None) -> tuple[Deployment, ...]:
    """Return the deployment that `slug` names, or all of them for None.

    Raises OvationError for a name that is none.
    """
    if slug is None:
        return DEPLOYMENTS
    chosen = tuple(deployment for deployment in DEPLOYMENTS if deployment.slug == slug)
    if not chosen:
        names = ", ".join(deployment.slug for deployment in DEPLOYMENTS)
        raise OvationError(f"{slug} is no deployment; there are {names}.")
    return chosen
