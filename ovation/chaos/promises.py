"""What must hold after every schedule, and which promise a finding breaks."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ovation.verify.compare import Difference
from ovation.verify.numbers import InPoll
from ovation.verify.verdict import Verdict

PROMISES = {
    "I1": "every acknowledged vote is counted",
    "I2": "at most one ballot per voter and poll, and none that was not sent",
    "I3": "after draining, Redis, ClickHouse and the ledger say the same",
    "I4": "no screen ever saw a number go back",
    "I5": "an attempt without an answer counts once or not at all",
    "I6": "all acknowledged taps are counted, less at most one flush of each gateway killed by SIGKILL",
    "I7": "the outcomes of votes add up to those received",
}
LEDGER = "ledger"


@dataclass(frozen=True, slots=True)
class Broken:
    """A promise that did not hold, and what was seen instead."""

    promise: str
    seen: str

    def __str__(self) -> str:
        return f"{self.promise} ({PROMISES[self.promise]}): {self.seen}"


def broken(verdicts: Iterable[Verdict], doubts: Sequence[str], stepped: Sequence[str]) -> list[Broken]:
    """Return every promise that verdicts, what the gateway told of ballots (`doubts`), or screens contradict."""
    found = [Broken("I4", step) for step in stepped]
    found += [Broken("I2", doubt) for doubt in doubts]
    for verdict in verdicts:
        found += [Broken("I7", f"{verdict.stream_id}: {sentence}") for sentence in verdict.not_adding_up]
        for difference in verdict.differences:
            said = ", ".join(f"{name} {span}" for name, span in difference.said.items())
            found.append(Broken(_promise(difference), f"{verdict.stream_id}: {difference.what}: {said}"))
    return found


def _promise(difference: Difference) -> str:
    """Return the promise that a difference breaks: which way the ledger is passed says what went wrong."""
    known = difference.said.get(LEDGER)
    others = [span for name, span in difference.said.items() if name != LEDGER]
    if known is None or not others:
        return "I3"
    is_lost = any(span.high < known.low for span in others)
    is_more = any(span.low > known.high for span in others)
    if not is_lost and not is_more:
        return "I3"
    if isinstance(difference.key, InPoll):
        return "I1" if is_lost else "I2"
    return "I6" if is_lost else "I5"
