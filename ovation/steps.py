"""Steps that need one another, each taken as soon as what it needs is done."""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Step:
    """One step, and the names of the steps that must be done before; names of no step here do not count."""

    name: str
    run: Callable[[], None]
    needs: frozenset[str] = frozenset()


Report = Callable[[str, float], None]
"""Told the name of each step that is done, and the seconds that it took."""


def take(steps: Sequence[Step], report: Report) -> None:
    """Take `steps`, in parallel where their needs allow, and return when all are done.

    The first step that raises ends it: what has begun is finished, nothing else is begun, and its error is raised.
    A KeyboardInterrupt waits for nothing: whoever catches it ends what the steps wait for.
    """
    pool = ThreadPoolExecutor(max_workers=max(1, len(steps)))
    try:
        _take_all(steps, pool, report)
    except KeyboardInterrupt:
        pool.shutdown(wait=False, cancel_futures=True)
        raise
    except Exception:
        pool.shutdown()
        raise
    pool.shutdown()


def _take_all(steps: Sequence[Step], pool: ThreadPoolExecutor, report: Report) -> None:
    waiting = {step.name: step for step in steps}
    missing = {step.name: step.needs & waiting.keys() for step in steps}
    running: dict[Future[float], str] = {}
    while waiting or running:
        for name in [name for name in waiting if not missing[name]]:
            running[pool.submit(_timed, waiting.pop(name))] = name
        if not running:
            raise ValueError(f"these steps need one another: {', '.join(waiting)}")
        done, _ = wait(running, return_when=FIRST_COMPLETED)
        for future in done:
            name = running.pop(future)
            report(name, future.result())
            missing = {other: needs - {name} for other, needs in missing.items()}


def _timed(step: Step) -> float:
    began = time.monotonic()
    step.run()
    return time.monotonic() - began
