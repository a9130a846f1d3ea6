"""Reads just enough of a statement to know how to hand it to the engine: where an INSERT's data begins, whether it only
reads, and where the answer goes in which format. The engine parses the rest.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from local.clickhouse.errors import INTO_OUTFILE_NOT_ALLOWED, NOT_IMPLEMENTED, SYNTAX_ERROR, QueryError

_TOKEN = re.compile(
    rb"""
      (?P<skip>    \s+ | --[^\n]* | \#[ !][^\n]* | /\*.*?\*/ )
    | (?P<quoted>  '(?:[^'\\]|\\.)*' | "(?:[^"\\]|\\.)*" | `(?:[^`\\]|\\.)*` )
    | (?P<word>    [A-Za-z_][A-Za-z0-9_]* )
    | (?P<other>   . )
    """,
    re.VERBOSE | re.DOTALL,
)
# What the server skips between the format's name and the first byte of data.
_BEFORE_DATA = re.compile(rb"[ \t\f]*;?[ \t\f]*\r?\n?")
_ASKING = frozenset(("SELECT", "WITH", "FROM", "SHOW", "DESCRIBE", "DESC", "EXPLAIN", "EXISTS", "SET", "USE", "("))
_SELECTING = frozenset(("SELECT", "WITH", "FROM"))


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement to run as it stands. `output_format` is what its FORMAT clause names, if it has one.

    `reads` is whether it can change nothing. `destination` is where a SELECT would say where its answer goes.
    """

    sql: bytes
    output_format: str | None
    reads: bool = field(default=False, compare=False)
    destination: int | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Insert:
    """An INSERT whose rows follow as `data` in `input_format`. `sql` ends before the FORMAT clause."""

    sql: bytes
    input_format: str
    data: bytes


@dataclass(frozen=True, slots=True)
class _Token:
    text: str
    start: int
    end: int


def read_statement(text: bytes) -> Statement | Insert:
    """Tell a statement from an INSERT with data.

    Raises QueryError for an empty query, for more than one statement, for `INTO OUTFILE`, and for `INSERT … SELECT …
    FROM input()`, which the engine would run as if there were no rows.
    """
    tokens = _outer_tokens(text)
    first = next(tokens, None)
    if first is None:
        raise QueryError(SYNTAX_ERROR, "Empty query.")
    if first.text == "INSERT":
        insert = _read_insert(text, tokens)
        if insert is not None:
            return insert
    return _read_other(text)


def _read_insert(text: bytes, tokens: Iterator[_Token]) -> Insert | None:
    for token in tokens:
        if token.text == "VALUES":
            return Insert(text[: token.start], "Values", text[token.end :])
        if token.text == "FORMAT":
            name = next(tokens, _Token("", len(text), len(text)))
            skipped = _BEFORE_DATA.match(text, name.end)
            data_start = skipped.end() if skipped else name.end
            return Insert(text[: token.start], _text(text, name), text[data_start:])
        if token.text in ("SELECT", "WITH", "INFILE"):
            if any(later.text == "INPUT" for later in tokens):
                raise QueryError(NOT_IMPLEMENTED, "INSERT … SELECT … FROM input() is not supported by this engine.")
            return None
    return None


def _read_other(text: bytes) -> Statement:
    """Read a statement's FORMAT where it can only be the clause: at the end, or before SETTINGS."""
    tokens = list(_outer_tokens(text))
    while tokens and tokens[-1].text == ";":
        tokens.pop()
    names = [token.text for token in tokens]
    if ";" in names:
        raise QueryError(SYNTAX_ERROR, "Multi-statements are not allowed.")
    if ("INTO", "OUTFILE") in pairwise(names):
        raise QueryError(INTO_OUTFILE_NOT_ALLOWED, "INTO OUTFILE is not allowed.")
    reads = bool(names) and names[0] in _ASKING and "INSERT" not in names
    selects = reads and names[0] in _SELECTING
    end = len(names) - names[::-1].index("SETTINGS") - 1 if "SETTINGS" in names else len(names)
    for stop in (len(names), end):
        if stop >= 2 and names[stop - 2] == "FORMAT":
            return Statement(text, _text(text, tokens[stop - 1]), reads, tokens[stop - 2].start if selects else None)
    return Statement(text, None, reads, tokens[-1].end if selects else None)


def _text(text: bytes, token: _Token) -> str:
    return text[token.start : token.end].decode(errors="replace")


def _outer_tokens(text: bytes) -> Iterator[_Token]:
    """Yield the words, in capitals, and the other signs of `text` outside of quotes, comments and brackets."""
    depth = 0
    for found in _TOKEN.finditer(text):
        sign = found.group()
        if found.lastgroup == "other":
            depth -= sign in b")]}"
        if depth == 0 and found.lastgroup != "skip":
            yield _Token(sign.decode(errors="replace").upper(), found.start(), found.end())
        if found.lastgroup == "other":
            depth += sign in b"([{"
