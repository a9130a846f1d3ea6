"""ULIDs, the receipts of votes behind the gateway: 48 bits of time and 80 random bits, as 26 characters that sort by
time.

The format is that of https://github.com/ulid/spec, with its rule for one millisecond: the random bits count up.
"""

import secrets

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_PAIRS = [first + second for first in _ALPHABET for second in _ALPHABET]
_RANDOM_BITS = 80


class Ulids:
    """Writes ULIDs; those of one millisecond sort in the order in which they were asked for."""

    def __init__(self) -> None:
        self._at_ms = -1
        self._time = ""
        self._random = 0

    def new(self, at_ms: int) -> str:
        """Return the ULID of a vote taken at `at_ms`, epoch milliseconds."""
        if at_ms == self._at_ms:
            self._random += 1
        else:
            self._at_ms = at_ms
            self._time = "".join([_PAIRS[at_ms >> shift & 1023] for shift in range(40, -1, -10)])
            # The top bit stays free, so that counting up never runs into the time.
            self._random = secrets.randbits(_RANDOM_BITS - 1)
        return self._time + "".join([_PAIRS[self._random >> shift & 1023] for shift in range(70, -1, -10)])
