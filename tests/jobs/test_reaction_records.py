"""The reader of records in the JVM beside the schema: what one finds valid, the other does."""

import json
import random
from typing import Any

import pytest
from pyflink.table import TableEnvironment

from contracts import schemas
from jobs.dead_letters import READ_IN_JVM, reason_checker
from jobs.sources import RAW
from tests.jobs.conftest import Records

pytestmark = pytest.mark.flink

EXAMPLES = schemas.load("reactions")["examples"]
ODD: list[Any] = [
    *(None, True, "", "x", "é", "a" * 64, "a" * 65, "-a", "e u", "🔥" * 16, "🔥" * 17, "\x01", "\ufffd", 'a"b', "\\"),
    *(-1, 0, 1, 10**9, 10**9 + 1, 32, 33, 2**52 - 1, 2**52, 10**12 - 1, 10**12, 10**13, 10**30, 1.0, 5e12),
    *([], {}, [1], [-1], list(range(2_048)), list(range(2_049))),
    *({"🔥": 1}, {"🔥": 0}, {"🔥": "1"}, {"": 1}, {str(n): 1 for n in range(30)}, {str(n): 1 for n in range(31)}),
    *({"0": {"🔥": 1}}, {"01": {"🔥": 1}}, {"999999": {"🔥": 1}}, {"1000000": {"🔥": 1}}, {"7": {}}),
    *({str(n): {"🔥": 1} for n in range(120)}, {str(n): {"🔥": 1} for n in range(121)}),
    {"level": 0, "hashes": [1], "more": 2},
]
"""Values at and beyond every bound of the schema, and of every kind."""


def changed(choose: random.Random) -> str:
    """Return an example in which something is another value, is missing, or is there twice."""
    record = json.loads(json.dumps(choose.choice(EXAMPLES)))
    for _ in range(choose.choice([1, 1, 1, 2])):
        where = choose.choice([record, record, *(v for v in record.values() if isinstance(v, dict))])
        name = choose.choice([*where, "more", "🔥", "7"])
        if choose.random() < 0.15:
            where.pop(name, None)
        else:
            where[name] = choose.choice(ODD)
    text = json.dumps(record, ensure_ascii=choose.random() < 0.3)
    return text.replace('"v": 1,', '"v": 1, "v": 1,') if choose.random() < 0.05 else text


def test_the_reader_and_the_schema_find_the_same_records_valid(env: TableEnvironment, records: Records) -> None:
    choose = random.Random(7)
    lines = sorted({*(json.dumps(one) for one in EXAMPLES), *(changed(choose) for _ in range(3_000))})
    env.create_java_temporary_system_function("is_valid", READ_IN_JVM["reactions"])
    env.execute_sql(f"CREATE TEMPORARY TABLE written_records (`value` BYTES) WITH ({records(lines, RAW)})")
    with env.execute_sql("SELECT `value` FROM written_records WHERE is_valid(`value`)").collect() as rows:
        read = {bytes(row[0]).decode() for row in rows}
    reason = reason_checker("reactions")
    valid = {line for line in lines if reason(line.encode()) is None}
    assert read == valid
    assert 100 < len(valid) < len(lines) - 100, "there are enough of either kind"
