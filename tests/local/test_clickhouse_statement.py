"""Where an INSERT's data begins, and which format the answer has."""

import pytest

from local.clickhouse.errors import QueryError
from local.clickhouse.statement import Insert, Statement, read_statement


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (b"INSERT INTO t FORMAT CSV\n1,2\n", Insert(b"INSERT INTO t ", "CSV", b"1,2\n")),
        (b"insert into t (a, b) values (1, 2)", Insert(b"insert into t (a, b) ", "Values", b" (1, 2)")),
        (b"INSERT INTO t(a) FORMAT Native\n\n\x00\xff", Insert(b"INSERT INTO t(a) ", "Native", b"\n\x00\xff")),
        (b"INSERT INTO t FORMAT TSV 1\t2", Insert(b"INSERT INTO t ", "TSV", b"1\t2")),
        (b"INSERT INTO `FORMAT x` FORMAT CSV\r\n1", Insert(b"INSERT INTO `FORMAT x` ", "CSV", b"1")),
        (
            b"/* VALUES */ INSERT INTO t -- FORMAT\n FORMAT CSV\n",
            Insert(b"/* VALUES */ INSERT INTO t -- FORMAT\n ", "CSV", b""),
        ),
        (
            b"INSERT INTO t SETTINGS async_insert = 0 FORMAT CSV\n1",
            Insert(b"INSERT INTO t SETTINGS async_insert = 0 ", "CSV", b"1"),
        ),
        (b"INSERT INTO t SELECT 1", Statement(b"INSERT INTO t SELECT 1", None)),
        (b"INSERT INTO t FROM INFILE 'x' FORMAT CSV", Statement(b"INSERT INTO t FROM INFILE 'x' FORMAT CSV", "CSV")),
    ],
)
def test_inserts(text: bytes, expected: Insert | Statement) -> None:
    assert read_statement(text) == expected


@pytest.mark.parametrize(
    ("text", "output_format"),
    [
        (b"SELECT 1", None),
        (b"SELECT 1 format JSON", "JSON"),
        (b"SELECT 1 FORMAT JSON;", "JSON"),
        (b"SELECT 1 FORMAT JSONEachRow SETTINGS max_threads = 1, a = 'b'", "JSONEachRow"),
        (b"SELECT * FROM t SETTINGS a = 1 FORMAT CSV", "CSV"),
        (b"SELECT format FROM t", None),
        (b"SELECT * FROM (SELECT 1 FORMAT JSON)", None),
        (b"SELECT 'FORMAT JSON'", None),
        (b"SELECT 1 -- FORMAT JSON", None),
    ],
)
def test_output_format(text: bytes, output_format: str | None) -> None:
    statement = read_statement(text)
    assert isinstance(statement, Statement)
    assert statement.output_format == output_format


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (b" -- nothing\n", "Empty query"),
        (b"SELECT 1; SELECT 2", "Multi-statements are not allowed"),
        (b"INSERT INTO t SELECT * FROM input('a UInt8') FORMAT CSV 1", "is not supported"),
    ],
)
def test_refused(text: bytes, complaint: str) -> None:
    with pytest.raises(QueryError, match=complaint):
        read_statement(text)
