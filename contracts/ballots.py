"""The list of a final poll's ballots: who may read it, can count the poll again, and learns of no voter.

A line of JSON that says which poll and what result, then a line for each ballot that counts. Ballots are sorted by
their ids, which are hashes: neither names nor times nor the order of voting can be read from the list. The first line
says how many ballots follow and what their digest is, so a list that was cut off or changed is known as such.
"""

import json
from base64 import urlsafe_b64encode
from collections.abc import Sequence
from hashlib import sha256
from typing import NotRequired, TypedDict

from contracts.events import PollOption

MEDIA_TYPE = "application/x-ndjson"

_DOMAIN = "ovation-ballot|"

BALLOT_ID_SQL = f"substring(base64URLEncode(SHA256(concat('{_DOMAIN}', receipt))), 1, 22)"
"""`ballot_id` as an expression of ClickHouse over the column `receipt`."""

LINE_SQL = (
    f"""concat('{{"ballot":"', {BALLOT_ID_SQL}, '","choices":["', """
    """arrayStringConcat(arraySort(choice -> toUInt8OrZero(choice), choices), '","'), '"]}\\n')"""
)
"""`line` as an expression of ClickHouse over the columns `receipt` and `choices`."""


class Numbers(TypedDict):
    """What a final poll came to; `votes` are in the order of the options."""

    votes: list[int]
    voters: int
    received: int
    replaced: int
    withdrawn: int
    duplicate: int
    late: int
    invalid: int
    ineligible: int


class Header(TypedDict):
    """The first line: which poll, its result, and how many `ballots` with which `digest` follow.

    `correct` are the ids of a quiz's right options.
    """

    stream_id: str
    poll_id: str
    question: str
    options: list[PollOption]
    max_choices: int
    correct: NotRequired[list[str]]
    result: Numbers
    digest: str
    ballots: int


def ballot_id(receipt: str) -> str:
    """Return the id of the ballot whose vote has this receipt. A receipt has 79 random bits: no id leads back to it."""
    return urlsafe_b64encode(sha256((_DOMAIN + receipt).encode()).digest())[:22].decode()


def line(ballot: str, choices: Sequence[str]) -> bytes:
    """Return a ballot's line: its id, and the options it chose in the order of the poll."""
    return json.dumps({"ballot": ballot, "choices": list(choices)}, separators=(",", ":")).encode() + b"\n"


class Digest:
    """The digest of a list: SHA-256 over the lines of its ballots, the first line of the list left out."""

    def __init__(self) -> None:
        self._hash = sha256()

    def add(self, text: bytes) -> None:
        """Take the next line, or several."""
        self._hash.update(text)

    def __str__(self) -> str:
        return "sha256:" + self._hash.hexdigest()
