from typing import Any

import pytest

from gateway.control.table import ControlTable
from gateway.votes.networks import NetworkShares
from tests.gateway.records import AT, poll, stream

HOME, OFFICE = "192.0.2.1", "2001:db8:1:2::1"


@pytest.fixture
def table() -> ControlTable:
    table = ControlTable(lambda: AT)
    table.apply(stream())
    return table


def admitted(shares: NetworkShares, voters: range, host: str | None, **changes: Any) -> int:
    return sum(shares.admits(poll(**changes), f"voter-{number}", host) for number in voters)


def test_so_many_of_each_network_and_poll(table: ControlTable) -> None:
    shares = NetworkShares(3, table)
    assert admitted(shares, range(10), HOME) == 3
    assert admitted(shares, range(10, 20), OFFICE) == 3
    assert admitted(shares, range(20, 30), "2001:db8:1:2:ffff::9") == 0
    assert admitted(shares, range(30, 40), "2001:db8:1:3::1") == 3
    assert admitted(shares, range(10), HOME, poll_id="another") == 3


def test_who_has_a_ballot_keeps_it_from_any_network(table: ControlTable) -> None:
    shares = NetworkShares(3, table)
    assert admitted(shares, range(3), HOME) == 3
    assert admitted(shares, range(10, 20), OFFICE) == 3
    for host in (HOME, OFFICE):
        assert admitted(shares, range(3), host) == 3
    # And took nothing of the other network's share.
    assert admitted(shares, range(3), "198.51.100.1") == 3
    assert admitted(shares, range(20, 30), "198.51.100.1") == 3


@pytest.mark.parametrize(("most", "host"), [(0, HOME), (3, None)], ids=["no bound", "nobody knows the address"])
def test_nobody_is_left_out_without_a_bound_or_an_address(table: ControlTable, most: int, host: str | None) -> None:
    assert admitted(NetworkShares(most, table), range(100), host) == 100


def test_everything_is_forgotten_with_the_polls_voter_key(table: ControlTable) -> None:
    shares = NetworkShares(1, table)
    assert admitted(shares, range(2), HOME) == 1
    table.apply(poll(revision=2, voter_salt=None))
    assert shares.__dict__["_admitted"] == shares.__dict__["_taken"] == {}
