"""The deployments of the jobs: each job once for the screens and once for the history."""

from dataclasses import dataclass

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


DEPLOYMENTS = tuple(
    Deployment(job, sink) for job in ("reaction_window", "poll_dedup") for sink in ("redis", "clickhouse")
)


def choose(slugs: str | None) -> tuple[Deployment, ...]:
    """Return the deployments that `slugs` names, separated by commas, or all of them for None.

    Raises OvationError for a name that is none.
    """
    if slugs is None:
        return DEPLOYMENTS
    known = {deployment.slug: deployment for deployment in DEPLOYMENTS}
    wanted = [slug.strip() for slug in slugs.split(",")]
    if unknown := next((slug for slug in wanted if slug not in known), None):
        raise OvationError(f"{unknown} is no deployment; there are {', '.join(known)}.")
    return tuple(known[slug] for slug in dict.fromkeys(wanted))
