from ovation.addresses import Addresses
from tests.end_to_end import load


async def test_every_tap_and_every_vote_is_counted_once(addresses: Addresses) -> None:
    done = await load.run(addresses, "exact")
    assert done.taps.acknowledged == done.taps.sent >= 13_000
    assert (done.taps.unanswered, done.taps.refused, done.taps.unsent) == (0, 0, 0)
    assert done.votes.voters == 2_000
    assert done.votes.acknowledged == done.votes.sent == load.VOTES
    assert done.reconnects == 0
