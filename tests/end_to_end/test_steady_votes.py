"""A short form of `make votes`: the measurement itself stays alive, and every vote that it was answered is counted."""

from bench.votes import vote_steadily
from local.stack import Stack
from ovation.addresses import Addresses


async def test_votes_at_a_steady_rate_are_durable_and_counted(stack: Stack, addresses: Addresses) -> None:
    measured, taken, counted, _ = await vote_steadily(
        stack, addresses, per_s=100, warm_up_s=1, seconds=4, connections=16, jobs=True
    )
    assert (measured.answered, measured.lost) == (400, 0)
    assert counted == taken == 500
    print(f"\nsteady votes: {measured.latencies.summary().line()}")
