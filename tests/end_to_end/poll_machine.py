"""Does to a poll, through several gateways, whatever hypothesis thinks of, and holds it against the model."""

import time
from dataclasses import dataclass

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from tests.end_to_end.poll_model import Model, Rules, Verdict, Vote
from tests.end_to_end.poll_world import CONVERGE_S, GUEST, Answer, World, until

FINAL_S = 90.0
GATEWAYS = 2
VOTES_BEFORE_CLOSING = 8
VOTES_AFTER_CLOSING = 6
"""So few that they are over long before the result is final."""

voters = st.sampled_from(["ana", "bo", "chidi", "dunya", GUEST])
gateways = st.integers(0, GATEWAYS - 1)
choices = st.lists(st.integers(1, 4).map(str), min_size=1, max_size=2, unique=True).map(tuple)
picks = st.integers(0, 1_000)


@dataclass(frozen=True)
class Keyed:
    """A request with an Idempotency-Key, and how it was answered."""

    voter: str
    choices: tuple[str, ...]
    key: str
    answer: Answer


class PollMachine(RuleBasedStateMachine):
    """One poll from its opening to its final result. The guest has no right to vote where not everybody has."""

    def __init__(self, world: World) -> None:
        super().__init__()
        self.world = world
        self.status = "none"
        self.keyed: list[Keyed] = []
        self.left_after_closing = VOTES_AFTER_CLOSING

    @initialize(
        options=st.integers(2, 4), max_choices=st.integers(1, 2), ladder=st.integers(0, 2), members_only=st.booleans()
    )
    def open(self, options: int, max_choices: int, ladder: int, members_only: bool) -> None:
        self.model = Model(Rules(options, max_choices, ladder >= 1, ladder >= 2, members_only))
        self.poll_id = self.world.open(self.model.rules)
        self.become("open")

    @precondition(lambda self: self.left_after_closing)
    @rule(voter=voters, choices=choices, gateway=gateways, keyed=st.booleans())
    def vote(self, voter: str, choices: tuple[str, ...], gateway: int, keyed: bool) -> None:
        self.send(voter, choices, gateway, keyed)

    @precondition(lambda self: self.left_after_closing)
    @rule(voter=voters, gateway=gateways, keyed=st.booleans())
    def withdraw(self, voter: str, gateway: int, keyed: bool) -> None:
        self.send(voter, (), gateway, keyed)

    @precondition(lambda self: self.keyed)
    @rule(pick=picks, gateway=gateways)
    def repeat(self, pick: int, gateway: int) -> None:
        """The same request gets the same answer, through any gateway, whatever has happened since."""
        one = self.keyed[pick % len(self.keyed)]
        assert self.world.vote(self.poll_id, one.voter, one.choices, gateway, one.key) == one.answer

    @precondition(lambda self: self.keyed)
    @rule(pick=picks, gateway=gateways)
    def use_a_key_again(self, pick: int, gateway: int) -> None:
        one = self.keyed[pick % len(self.keyed)]
        other = ("1",) if one.choices != ("1",) else ("2",)
        answer = self.world.vote(self.poll_id, one.voter, other, gateway, one.key)
        assert answer == (None, "idempotency-key-reused")

    @precondition(lambda self: self.status == "open")
    @rule(gateway=gateways)
    def pause(self, gateway: int) -> None:
        self.world.step(self.poll_id, "pause", gateway)
        self.become("paused")

    @precondition(lambda self: self.status == "paused")
    @rule(gateway=gateways)
    def resume(self, gateway: int) -> None:
        self.world.step(self.poll_id, "open", gateway)
        self.become("open")

    @precondition(
        lambda self: self.status in ("open", "paused") and self.model.tally()["received"] >= VOTES_BEFORE_CLOSING
    )
    @rule(gateway=gateways)
    def close(self, gateway: int) -> None:
        """Close, and vote until it is too late: in the grace after the closing a vote still counts."""
        self.world.step(self.poll_id, "close", gateway)
        self.become("closed")
        deadline = time.monotonic() + CONVERGE_S
        while self.send("dunya", ("1",), gateway, keyed=False) != "late":
            assert time.monotonic() < deadline, "votes are never late"
        self.left_after_closing = VOTES_AFTER_CLOSING

    @rule()
    def compare(self) -> None:
        """Every gateway comes to the numbers of the model."""
        until(lambda: self.world.tallies(self.poll_id), [self.model.tally()] * GATEWAYS)

    @precondition(lambda self: self.model.voters)
    @rule(pick=picks, gateway=gateways)
    def ask_about_a_receipt(self, pick: int, gateway: int) -> None:
        outcomes = self.model.outcomes()
        receipt = list(outcomes)[pick % len(outcomes)]
        until(lambda: self.world.outcome(receipt, gateway).outcome, outcomes[receipt])

    def teardown(self) -> None:
        """Close the poll if it is not, and hold the end of it against the model: numbers, receipts, ballots."""
        if self.status == "none":
            return
        if self.status != "closed":
            self.close(gateway=0)
        self.compare()
        outcomes = self.model.outcomes()
        until(lambda: {receipt: self.world.outcome(receipt, 1).outcome for receipt in outcomes}, outcomes)
        self.world.commit()
        until(lambda: self.world.statuses(self.poll_id), ["final"] * GATEWAYS, FINAL_S)
        assert self.world.tallies(self.poll_id) == [self.model.tally()] * GATEWAYS
        counted = {self.world.outcome(receipt, 0).ballot for receipt, said in outcomes.items() if said == "counted"}
        assert self.world.ballots(self.poll_id) == counted

    def become(self, status: str) -> None:
        """Wait until every gateway knows the new status."""
        until(lambda: self.world.statuses(self.poll_id), [status] * GATEWAYS)
        self.status = status

    def send(self, voter: str, choices: tuple[str, ...], gateway: int, keyed: bool) -> Verdict | None:
        """Vote, or withdraw without choices, and check the answer. Return the verdict if there is a receipt."""
        key = f"{self.poll_id}-{len(self.keyed)}" if keyed else None
        answer = receipt, problem = self.world.vote(self.poll_id, voter, choices, gateway, key)
        if key is not None:
            self.keyed.append(Keyed(voter, choices, key, answer))
        expected = self.refusal(voter, choices)
        if self.status == "closed":
            self.left_after_closing = max(self.left_after_closing - 1, 0)
            if expected is None and problem == "late-vote":
                expected = problem
        assert problem == expected, (voter, choices, self.status, self.model.rules)
        if receipt is None:
            return None
        verdict: Verdict = "ineligible" if problem == "ineligible" else "late" if problem == "late-vote" else "taken"
        assert receipt not in self.model.outcomes()
        self.model.take(voter, Vote(receipt, choices, verdict))
        return verdict

    def refusal(self, voter: str, choices: tuple[str, ...]) -> str | None:
        """Return the problem that the vote must meet; None for one that is taken, if it is in time."""
        rules = self.model.rules
        if self.status == "paused":
            return "paused-poll"
        if not choices and not rules.allow_withdraw:
            return "not-withdrawable"
        if any(int(choice) > rules.options for choice in choices):
            return "unknown-option"
        if len(choices) > rules.max_choices:
            return "too-many-choices"
        return "ineligible" if rules.members_only and voter == GUEST else None
