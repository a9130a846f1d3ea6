"""What a vote came to: one object for a program, a table and lines for a person."""

from collections.abc import Sequence

import msgspec
from rich.table import Table

from ovation.audience.latencies import Summary
from ovation.audience.receipts import Checked
from ovation.audience.voters.plan import VotingPlan
from ovation.audience.voters.voting import Voting
from ovation.verify.numbers import POLL_FIELDS, Account, InPoll
from ovation.verify.verdict import Verdict


class Votes(msgspec.Struct, frozen=True):
    """Votes and withdrawals, by how they were answered. `put_off` says how often voters were told to come back."""

    sent: int
    acknowledged: int
    late: int
    ineligible: int
    refused: int
    unanswered: int
    put_off: int
    per_s: float


class Report(msgspec.Struct, frozen=True):
    """One run. Latencies are milliseconds. `numbers` maps what is counted to what each account says of it.

    `final_s` is from the closing until every gateway showed the final result, None if they did not in time.
    `digest` is that of the list of ballots, as recounted here.
    """

    stream_id: str
    poll_id: str
    plan: VotingPlan
    gateways: list[str]
    votes: Votes
    vote_ack_ms: Summary
    receipt_told_ms: Summary
    receipts: Checked
    final_s: float | None
    digest: str | None
    numbers: dict[str, dict[str, str]]
    agrees: bool
    wrong: list[str]

    @property
    def good(self) -> bool:
        """Whether the result is final, all accounts agree, and nobody was turned away or told what cannot be."""
        return self.final_s is not None and self.agrees and not (self.votes.refused or self.wrong)


def report(
    voting: Voting,
    accounts: Sequence[Account],
    verdict: Verdict,
    checked: Checked,
    final_s: float | None,
    digest: str | None,
    wrong: list[str],
) -> Report:
    """Return the report on voters who have voted. `wrong` are sentences about what else was found."""
    place, figures = voting.place, voting.place.figures
    ballots = place.ballots
    counts = {
        outcome: ballots.count(outcome) for outcome in ("acknowledged", "late", "ineligible", "refused", "unanswered")
    }
    fields = (*(f"option:{option}" for option in place.option_ids), *POLL_FIELDS)
    return Report(
        stream_id=place.stream_id,
        poll_id=place.poll_id,
        plan=voting.plan,
        gateways=[gateway.url for gateway in place.gateways],
        votes=Votes(
            sent=sum(counts.values()),
            **counts,
            put_off=figures.votes_put_off,
            per_s=round(voting.answered / voting.voting_s, 1) if voting.voting_s else 0.0,
        ),
        vote_ack_ms=figures.vote_ack.summary(),
        receipt_told_ms=figures.receipt_told.summary(),
        receipts=checked,
        final_s=final_s,
        digest=digest,
        numbers={field: _said(accounts, InPoll(place.poll_id, field)) for field in fields},
        agrees=verdict.agrees,
        wrong=[*wrong, *checked.unexpected, *verdict.not_adding_up],
    )


def _said(accounts: Sequence[Account], key: InPoll) -> dict[str, str]:
    return {account.name: str(span) for account in accounts if (span := account.says(key)) is not None}


def table(done: Report) -> Table:
    """Return what every account says, a row for each number."""
    names = list(dict.fromkeys(name for said in done.numbers.values() for name in said))
    table = Table("", *names, box=None, pad_edge=False)
    for column in table.columns[1:]:
        column.justify = "right"
    for field, said in done.numbers.items():
        table.add_row(field.replace("option:", "option "), *(said.get(name, "") for name in names))
    return table


def lines(done: Report) -> list[str]:
    """Return the figures, a line for each kind."""
    votes, plan = done.votes, done.plan
    doubts = {"refused": votes.refused, "unanswered": votes.unanswered, "told to come back": votes.put_off}
    found = {
        "setting": f"{plan.voters:,} voters, {plan.votes_per_second:,.0f} votes/s, {len(done.gateways)} gateway(s), "
        f"retries {plan.retries:.0%}, changes {plan.changes:.0%}, withdrawals {plan.withdrawals:.0%}, "
        f"late {plan.late:.0%}, ineligible {plan.ineligible:.0%}, seed {plan.seed}",
        "votes": f"{votes.sent:,} sent, {votes.acknowledged:,} acknowledged, {votes.late:,} late, "
        f"{votes.ineligible:,} ineligible, {votes.per_s:,.0f}/s"
        + "".join(f", {number:,} {name}" for name, number in doubts.items() if number),
        "vote answered": done.vote_ack_ms.line(),
        "receipt told": done.receipt_told_ms.line(),
        "receipts": f"{done.receipts.asked:,} asked, {len(done.receipts.unexpected):,} unexpected",
        "final": "not in time" if done.final_s is None else f"{done.final_s:.1f} s after the closing, everywhere",
        "ballots": done.digest or "no list",
    }
    return [f"  {name:<14} {text}" for name, text in found.items()]


def conclusion(done: Report) -> str:
    """Return the run in one sentence."""
    if not done.agrees:
        return "The accounts differ."
    if done.wrong:
        return f"The numbers agree, but not all is well: {'; '.join(done.wrong[:5])}."
    if done.votes.refused:
        return f"The gateways refused {done.votes.refused} votes that they should have taken."
    if done.final_s is None:
        return "The numbers agree, but the result was not final in time."
    return f"{' = '.join(done.numbers['voters'])}, outcome by outcome."
