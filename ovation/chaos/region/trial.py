"""What came of one run: a line of `ovation chaos --lose-region --record`."""

import msgspec


class RegionTrial(msgspec.Struct, frozen=True, kw_only=True):
    """What came of one run. Times are seconds.

    `away_s` is how long the region was lost; `live_again_s` and `voting_again_s` are how long its viewers, at the
    slowest, were without numbers and without an acknowledged vote (recovery time). `unseen_votes` are acknowledged
    votes that the other region had not read when one was lost, and which it did not show until that was back (recovery
    point); `unseen_taps` likewise. `agreed_s` is how long after its return both regions had the same final result.
    """

    seed: int
    viewers: int
    votes: int
    twice: int
    """Voters who voted in both regions, for different options."""
    taps: int
    in_doubt: int
    away_s: float
    live_again_s: float
    voting_again_s: float | None
    unseen_votes: int
    unseen_taps: int
    agreed_s: float | None
    broken: list[str]

    @property
    def line(self) -> str:
        """The run in a line, and one more for each promise that it broke."""
        voting = "-" if self.voting_again_s is None else f"{self.voting_again_s:.1f} s"
        agreed = "never" if self.agreed_s is None else f"{self.agreed_s:.1f} s after its return"
        said = (
            f"seed {self.seed}: {self.viewers} viewers, {self.votes} votes ({self.twice} in both regions), "
            f"{self.taps} taps; a region away for {self.away_s:.0f} s; its viewers live again after "
            f"{self.live_again_s:.1f} s, voting after {voting}; unseen meanwhile {self.unseen_votes} votes, "
            f"{self.unseen_taps} taps; final {agreed}"
        )
        return "\n".join(
            [f"  {'BROKEN' if self.broken else 'kept  '}  {said}", *(f"          {each}" for each in self.broken)]
        )
