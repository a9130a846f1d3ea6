"""Becomes a JobManager, and ends it where it cannot tell who leads.

`python -m local.jobmanager_watch SECONDS PORT COMMAND…`

Flink follows who leads by a cache of one place in ZooKeeper (`TreeCache`, Curator 5.4), which asks once to be told when
somebody is there. With the session that question ends, and is not asked again where nobody was there before, either: so
a JobManager that loses two sessions, one right behind the other, may lead, run its jobs, and answer 503 for ever. What
ended is started again by whatever supervises it, and finds its jobs.
"""

import sys
import time

from local import ready
from local.watching import become, end, lives

PATIENCE_S = 60.0
"""How long an election may last: a dead leader's session, and the start of its jobs on full cores, are shorter."""
LOOK_S = 5.0


def main(words: list[str]) -> None:
    """Become the JobManager, and watch it from a child."""
    patience_s, port, *command = words
    become(command, lambda jobmanager: watch(jobmanager, float(patience_s), int(port)))


def watch(jobmanager: int, patience_s: float, port: int) -> None:
    """Look at what the process `jobmanager`, this one's parent, answers on `port`, for as long as it lives."""
    knew = time.monotonic()
    while lives(jobmanager):
        # One that hangs, or has not opened its port yet, says nothing of leaders.
        if not ready.unavailable(port, "/overview"):
            knew = time.monotonic()
        elif time.monotonic() - knew > patience_s:
            end(jobmanager, f"The JobManager has known no leader for {patience_s:.0f} s")
        time.sleep(min(LOOK_S, patience_s / 4))


if __name__ == "__main__":
    main(sys.argv[1:])
