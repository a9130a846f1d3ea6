"""What a schedule has come to, once its crowd has its last answer: which promises held, and what is in doubt."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ovation.addresses import Addresses
from ovation.audience.crowd import Crowd
from ovation.audience.receipts import settle_doubts
from ovation.audience.report import Report, report
from ovation.audience.settle import settle
from ovation.chaos.plan import Schedule
from ovation.chaos.promises import Broken, broken
from ovation.chaos.taps import TimedTaps
from ovation.client.errors import UNCERTAIN_TAPS
from ovation.client.gateway import GatewayClient
from ovation.verify.stream import Verifier
from ovation.verify.verdict import Verdict

FLUSH_S = 0.025
"""How long a gateway holds taps that it has answered (docs/architecture.md)."""
ON_THE_WAY_S = 0.1
"""From a gateway's answer to its taps being in Kafka, and to the audience having read the answer, on a full machine."""


@dataclass(slots=True)
class Judgement:
    """What is known so far. `failed` says why no more could be known, or which request should have been answered."""

    report: Report | None = None
    verdicts: list[Verdict] = field(default_factory=list)
    ballots: list[str] = field(default_factory=list)
    failed: str | None = None

    async def judge(
        self,
        addresses: Addresses,
        client: GatewayClient,
        crowd: Crowd,
        schedule: Schedule,
        kills_s: Sequence[tuple[float, float]],
        emptied_s: Sequence[tuple[float, float]],
        patience_s: float,
    ) -> None:
        """Hold screens, stores and the ledger against each other; screens may take `patience_s`, and history as long.

        `kills_s` is between which moments each gateway was killed, `emptied_s` between which Redis was emptied.
        Raises a CallError or OvationError when somebody cannot be asked.
        """
        for since_s, until_s in kills_s:
            for taps in _taps(crowd):
                taps.doubt(since_s - FLUSH_S - ON_THE_WAY_S, until_s + ON_THE_WAY_S)
        for since_s, until_s in emptied_s:
            for taps in _taps(crowd):
                taps.forget_keys(since_s, until_s)
        self.report = report(crowd, await settle(client, crowd, patience_s))
        self.failed = failed_in_turn(schedule, self.report.failures)
        await self._verify(addresses, client, crowd, patience_s if self.report.agrees else 0)

    def broken(self, stepped: Sequence[str]) -> list[Broken]:
        """Return the promises that did not hold; `stepped` are numbers that went back."""
        return broken(self.verdicts, self.ballots, stepped)

    async def _verify(self, addresses: Addresses, client: GatewayClient, crowd: Crowd, patience_s: float) -> None:
        with Verifier(addresses) as verifier:
            for stream_id, promised in crowd.ledger.streams.items():
                await verifier.verify(stream_id, promised, patience_s)
                for ballots in promised.polls.values():
                    self.ballots += await settle_doubts(client, ballots)
                self.verdicts.append(await verifier.verify(stream_id, promised, patience_s))


def failed_in_turn(schedule: Schedule, failures: Mapping[str, int]) -> str | None:
    """Say which requests failed in the end though gateways were only restarted in turn; `failures` counts each kind."""
    counted = {
        name: number
        for name, number in failures.items()
        if not (schedule.leaves_taps_uncertain and name == UNCERTAIN_TAPS)
    }
    if not schedule.rolls or not counted:
        return None
    said = ", ".join(f"{number} {name}" for name, number in counted.items())
    return f"while gateways were restarted in turn, requests failed in the end: {said}"


def in_doubt(crowd: Crowd) -> int:
    """Return how many taps may count or not: those that nobody answered, or a gateway that was killed then."""
    return sum(sum(taps.unanswered.values()) - taps.maybe_twice for taps in _taps(crowd))


def maybe_twice(crowd: Crowd) -> int:
    """Return how many taps may count twice: those sent again across the moment at which Redis was emptied."""
    return sum(taps.maybe_twice for taps in _taps(crowd))


def lost(crowd: Crowd) -> int:
    """Return how many of them did not, on the screens that show the most."""
    missing = 0
    for stage, taps in zip(crowd.stages, _taps(crowd), strict=True):
        open_taps = sum(taps.unanswered.values()) - taps.maybe_twice
        if open_taps and stage.screens:
            missing += open_taps + taps.acknowledged - max(sum(screen.totals.values()) for screen in stage.screens)
    return missing


def _taps(crowd: Crowd) -> list[TimedTaps]:
    found = [stage.account.taps for stage in crowd.stages]
    return [taps for taps in found if isinstance(taps, TimedTaps)]
