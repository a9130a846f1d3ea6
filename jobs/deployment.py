"""A job as a program: one deployment of it, submitted from the command line, or a run over the past that ends."""

import argparse
from collections.abc import Callable, Mapping

from pyflink.table import StatementSet, TableEnvironment

from jobs import bounded
from jobs.bounded import Bounded
from jobs.environment import create_environment
from jobs.settings import SINKS, JobSettings, Sink

Build = Callable[[TableEnvironment, Sink, JobSettings, Bounded | None], StatementSet]


def submit(job: str, build: Build) -> None:
    """Submit the deployment of `job` that the command line names. A bounded run is waited for."""
    parser = argparse.ArgumentParser(prog=f"{job}.py", description=f"Submit one deployment of {job}.")
    parser.add_argument("--sink", choices=SINKS, required=True, help="redis: screens; clickhouse: history")
    bounded.add_arguments(parser)
    given = parser.parse_args()
    sink: Sink = given.sink
    settings = JobSettings()
    run = bounded.from_arguments(parser, given)
    if run is None:
        start(job, build, sink, settings)
    else:
        env = bounded.create_bounded_environment(job, settings, given.rest_port)
        build(env, sink, settings, run).execute().wait()


def start(job: str, build: Build, sink: Sink, settings: JobSettings, options: Mapping[str, str] | None = None) -> None:
    """Submit a deployment that goes on for ever, with Flink's `options` for it alone. Raises what Flink's client does.

    Flink shows it as `JOB --sink SINK`.
    """
    build(create_environment(f"{job} --sink {sink}", sink, settings, options), sink, settings, None).execute()
