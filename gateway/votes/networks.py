"""How many voters of one network a poll counts: who holds a thousand tokens rarely holds a thousand networks.

A network is what one subscriber has: an IPv4 address, or a /64 of IPv6. Universities and mobile carriers put thousands
behind one, so there is no bound unless who runs the gateway sets one.
"""

from gateway import metrics
from gateway.control.model import Poll, Record
from gateway.control.table import ControlTable
from gateway.limits.address import subscriber


class NetworkShares:
    """Lets the first `most` voters of each network have a ballot in each poll; 0 is no bound.

    It knows the voters of this gateway since it was started. Who has a ballot keeps it from any network. Neither voters
    nor addresses are kept, only hashes under Python's own random key, and those until the poll is final or cancelled.
    """

    def __init__(self, most: int, table: ControlTable) -> None:
        self.most = most
        self._admitted: dict[str, set[int]] = {}
        """Voters by the poll's key in `control`."""
        self._taken: dict[str, dict[int, int]] = {}
        """How many of each network, likewise."""
        if most:
            metrics.NETWORK_SHARE.set(most)
            table.listen(self._hear)

    def admits(self, poll: Poll, voter: str, host: str | None) -> bool:
        """Return whether the voter may have a ballot, and remember that it has. `host` is None where nobody knows."""
        if not self.most or host is None:
            return True
        admitted = self._admitted.setdefault(poll.key, set())
        who = hash(voter)
        if who in admitted:
            return True
        taken, network = self._taken.setdefault(poll.key, {}), hash(subscriber(host))
        if taken.get(network, 0) >= self.most:
            metrics.VOTES_OVER_SHARE.inc()
            return False
        taken[network] = taken.get(network, 0) + 1
        admitted.add(who)
        return True

    def _hear(self, record: Record) -> None:
        # Its voters are no longer computed either (gateway.voter).
        if isinstance(record, Poll) and record.voter_salt is None:
            self._admitted.pop(record.key, None)
            self._taken.pop(record.key, None)
