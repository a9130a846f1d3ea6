"""A job as a program: one deployment of it, submitted from the command line."""

import argparse
from collections.abc import Callable

from pyflink.table import StatementSet, TableEnvironment

from jobs.environment import create_environment
from jobs.settings import JobSettings, Sink

Build = Callable[[TableEnvironment, Sink, JobSettings], StatementSet]


def submit(job: str, build: Build) -> None:
    """Submit the deployment of `job` that the command line names."""
    parser = argparse.ArgumentParser(prog=f"{job}.py", description=f"Submit one deployment of {job}.")
    parser.add_argument(
        "--sink", choices=("redis", "clickhouse"), required=True, help="redis: screens; clickhouse: history"
    )
    sink: Sink = parser.parse_args().sink
    settings = JobSettings()
    env = create_environment(f"{job} --sink {sink}", sink, settings)
    build(env, sink, settings).execute()
