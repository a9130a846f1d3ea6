r"""Several deployments by one client of Flink, which plans them one after the other: JVM and planner start once.

    flink run --detached -py jobs/together.py -pyfs dist/ovation-jobs.zip \
        --deployment reaction_window redis --deployment poll_dedup redis execution.state-recovery.path=SAVEPOINT

`ovation submit` runs it. One that Flink does not take is told in a line of JSON, and keeps no other from being taken;
the exit code is 1 then.
"""

import argparse
import json
import sys
import traceback
from collections.abc import Sequence
from dataclasses import dataclass

from jobs import poll_dedup, reaction_window
from jobs.deployment import Build, start
from jobs.settings import SINKS, JobSettings, Sink

JOBS: dict[str, Build] = {poll_dedup.NAME: poll_dedup.build, reaction_window.NAME: reaction_window.build}


@dataclass(frozen=True, slots=True)
class Wanted:
    """A deployment to be submitted, with Flink's options for it alone."""

    job: str
    sink: Sink
    options: dict[str, str]

    @classmethod
    def read(cls, words: Sequence[str]) -> "Wanted":
        """Return what `words` name. Raises ValueError that says what is wrong with them."""
        job, *more = words
        sink, *options = more or [""]
        if job not in JOBS or sink not in SINKS:
            known = f"jobs are {', '.join(JOBS)}, sinks {', '.join(SINKS)}"
            raise ValueError(f"there is no deployment {job} {sink}: {known}")
        if odd := next((option for option in options if "=" not in option), None):
            raise ValueError(f"{odd} is no option of Flink's: they are given as KEY=VALUE")
        return cls(job, sink, dict(option.split("=", 1) for option in options))


def refusal(wanted: Wanted, settings: JobSettings) -> str | None:
    """Submit a deployment, and return what is said where Flink does not take it."""
    try:
        start(wanted.job, JOBS[wanted.job], wanted.sink, settings, wanted.options)
    except Exception:  # Whatever it is, it is told, and the others are submitted.
        return traceback.format_exc()
    return None


def main(arguments: Sequence[str] | None = None) -> int:
    """Submit the deployments that the command line names, and return the exit code."""
    parser = argparse.ArgumentParser(prog="together.py", description="Submit several deployments.")
    parser.add_argument(
        "--deployment",
        dest="deployments",
        nargs="+",
        action="append",
        required=True,
        metavar=("JOB", "SINK"),
        help="a job, its sink, and options of Flink's for it alone, as KEY=VALUE; may be repeated",
    )
    try:
        wanted = [Wanted.read(words) for words in parser.parse_args(arguments).deployments]
    except ValueError as error:
        parser.error(str(error))
    settings, taken = JobSettings(), True
    for each in wanted:
        if (said := refusal(each, settings)) is not None:
            taken = False
            print(json.dumps({"job": each.job, "sink": each.sink, "refused": said}), flush=True)
    return 0 if taken else 1


if __name__ == "__main__":
    sys.exit(main())
