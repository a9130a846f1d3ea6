"""The command line that both jobs share."""

import argparse

from jobs.settings import Sink


def parse_sink(job: str) -> Sink:
    """Return the sink that the command line asks for."""
    parser = argparse.ArgumentParser(prog=f"{job}.py", description=f"Submit one deployment of {job}.")
    parser.add_argument(
        "--sink", choices=("redis", "clickhouse"), required=True, help="redis: screens; clickhouse: history"
    )
    sink: Sink = parser.parse_args().sink
    return sink
