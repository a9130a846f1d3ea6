"""Samples of who tapped: how many viewers did, and which of them came back, without a row for each of millions.

A viewer is a keyed hash of `HASH_BITS` bits, different in every stream. At level L those below `bound(L)` are kept, one
viewer in 2^L, and the same ones in every minute: a fair sample, because a hash is as likely below it as any other. With
the largest level of the rows in question, distinct hashes below `bound(L)` x 2^L is the number of viewers; exact at
level 0, else with a standard error of sqrt((1 - 2^-L) / hashes). (Gibbons, Distinct sampling, VLDB 2001.)
"""

HASH_BITS = 52
"""So that a hash is a whole number in any JSON reader."""
MAX_LEVEL = 32
SAMPLE = 1_024
"""The most viewers of a stream and minute that one gateway keeps: a standard error of 3 to 4 percent."""


def bound(level: int) -> int:
    """Return what a hash is below if it is kept at this level."""
    return 1 << (HASH_BITS - level)
