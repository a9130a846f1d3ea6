"""What a run came to: one object for a program, lines for a person."""

import msgspec

from ovation.audience.crowd import Crowd
from ovation.audience.latencies import Summary
from ovation.verify.verdict import Verdict


class Taps(msgspec.Struct, frozen=True):
    """Taps of the whole crowd."""

    sent: int
    acknowledged: int
    refused: int
    unanswered: int
    unsent: int
    per_s: float


class Votes(msgspec.Struct, frozen=True):
    """Votes of the whole crowd."""

    voters: int
    sent: int
    acknowledged: int
    refused: int
    unanswered: int


class Report(msgspec.Struct, frozen=True):
    """One run. Latencies are milliseconds. `differences` says what was lost or doubled, by stream;
    `stepped` has examples of numbers that went back on a screen. `failures` counts taps and votes that failed in the
    end, by what was said last; those of votes that were tried again are tries, not failures.
    """

    stream_ids: list[str]
    viewers: int
    screens: int
    tapping_s: float
    taps: Taps
    votes: Votes
    failures: dict[str, int]
    tap_to_screen_ms: Summary
    tap_ack_ms: Summary
    vote_ack_ms: Summary
    steps_back: int
    stepped: list[str]
    reconnects: int
    settled_s: float
    agrees: bool
    differences: list[dict[str, object]]

    @property
    def failed(self) -> int:
        """How many taps and votes the crowd gave up in the end: refused, or never answered."""
        return sum(self.failures.values())

    @property
    def good(self) -> bool:
        """Whether nothing was lost, nothing doubled, nothing refused, and no number went back."""
        return self.agrees and not self.steps_back and not self.taps.refused and not self.votes.refused


def report(crowd: Crowd, verdicts: list[Verdict]) -> Report:
    """Return the report on a crowd that has run."""
    figures, plan = crowd.figures, crowd.plan
    taps = [stage.account.taps for stage in crowd.stages]
    ballots = [stage.ballots for stage in crowd.stages]
    acknowledged, refused, unanswered = (
        sum(each.count(outcome) for each in ballots) for outcome in ("acknowledged", "refused", "unanswered")
    )
    return Report(
        stream_ids=[stage.stream_id for stage in crowd.stages],
        viewers=plan.viewers,
        screens=plan.screens,
        tapping_s=round(figures.tapping_s, 1),
        taps=Taps(
            sent=sum(each.sent for each in taps),
            acknowledged=sum(each.acknowledged for each in taps),
            refused=sum(each.refused for each in taps),
            unanswered=sum(sum(each.unanswered.values()) for each in taps),
            unsent=sum(each.unsent for each in taps),
            per_s=round(figures.taps_sent / figures.tapping_s, 1) if figures.tapping_s else 0.0,
        ),
        votes=Votes(
            voters=sum(len(each.voters) for each in ballots),
            sent=acknowledged + refused + unanswered,
            acknowledged=acknowledged,
            refused=refused,
            unanswered=unanswered,
        ),
        failures=dict(figures.failures),
        tap_to_screen_ms=figures.tap_to_screen.summary(),
        tap_ack_ms=figures.tap_ack.summary(),
        vote_ack_ms=figures.vote_ack.summary(),
        steps_back=crowd.steps_back,
        stepped=crowd.stepped,
        reconnects=crowd.reconnects,
        settled_s=round(max((verdict.waited_s for verdict in verdicts), default=0), 1),
        agrees=all(verdict.agrees for verdict in verdicts),
        differences=[verdict.members() for verdict in verdicts if not verdict.agrees],
    )


def lines(done: Report) -> list[str]:
    """Return the figures, a line for each kind."""
    taps, votes = done.taps, done.votes
    found = {"taps": f"{taps.sent:,} sent, {taps.acknowledged:,} acknowledged, {taps.per_s:,.0f}/s{_doubts(taps)}"}
    if votes.sent:
        found["votes"] = (
            f"{votes.sent:,} sent by {votes.voters:,} voters, {votes.acknowledged:,} acknowledged{_doubts(votes)}"
        )
    for name, latencies in (
        ("tap to screen", done.tap_to_screen_ms),
        ("tap answered", done.tap_ack_ms),
        ("vote answered", done.vote_ack_ms),
    ):
        if latencies.count:
            found[name] = latencies.line()
    found["screens"] = f"{done.screens} watching, {done.steps_back} steps back, {done.reconnects} reconnects"
    found["settled"] = f"{done.settled_s:.1f} s after the last answer"
    return [f"  {name:<15} {text}" for name, text in found.items()]


def conclusion(done: Report) -> str:
    """Return the run in one sentence."""
    if not done.agrees:
        streams = ", ".join(str(each["stream_id"]) for each in done.differences)
        return f"The screens do not show what was acknowledged: {streams}."
    if done.steps_back:
        return f"Numbers on screens went back {done.steps_back} times: {'; '.join(done.stepped)}."
    if done.taps.refused or done.votes.refused:
        return f"The gateway refused {done.taps.refused} taps and {done.votes.refused} votes."
    return "Nothing was lost, nothing counted twice."


def _doubts(counts: Taps | Votes) -> str:
    parts = {"refused": counts.refused, "unanswered": counts.unanswered}
    if isinstance(counts, Taps):
        parts["unsent"] = counts.unsent
    return "".join(f", {number:,} {name}" for name, number in parts.items() if number)
