"""Buckets of voters: what makes a replay of votes show the same numbers again.

Every voter of a poll belongs to one of `BUCKETS`, by the first character of the voter's hash, for ever. Gateways send a
bucket's votes to one partition, so they are read in one order, before a crash and after it. The job tallies each bucket
by itself, and the number of votes received in it says exactly which votes have been counted: it is the tally's version.
Where there are several regions it is one number for each, since their votes come by topics of their own.

A poll's numbers are the sums over its buckets. One tally over all partitions would not do: after a crash the partitions
are read in another rhythm, and the same number of votes can be other votes.
"""

BUCKETS = 16
"""More partitions of `votes` than these stay empty."""

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
"""base64url, in which a voter is written: 64 characters, all equally likely."""


def bucket(voter: str) -> int:
    """Return the bucket of a voter, from 0 to `BUCKETS - 1`."""
    return ALPHABET.index(voter[0]) % BUCKETS


def partition(voter: str, partitions: int) -> int:
    """Return the partition, of `partitions`, that a voter's votes go to."""
    return bucket(voter) % partitions


BUCKET_CLICKHOUSE = f"modulo(position('{ALPHABET}', substring(voter, 1, 1)) - 1, {BUCKETS})"
"""`bucket` as an expression of ClickHouse's SQL over the column `voter`."""
