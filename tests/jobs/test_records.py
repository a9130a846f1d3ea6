"""The readers of records in the JVM beside the schemas: what one finds valid, the other does."""

import json
import random
from typing import Any

import pytest
from pyflink.table import TableEnvironment

from contracts import schemas
from jobs.dead_letters import READ_IN_JVM, reason_checker
from tests.jobs.conftest import Records

pytestmark = pytest.mark.flink

EXAMPLES = {topic: schemas.load(topic)["examples"] for topic in READ_IN_JVM}
ODD: list[Any] = [
    *(None, True, "", "x", "é", "a" * 64, "a" * 65, "-a", "e u", "🔥" * 16, "🔥" * 17, "\x01", "\ufffd", 'a"b', "\\"),
    *(-1, 0, 1, 10**9, 10**9 + 1, 32, 33, 2**52 - 1, 2**52, 10**12 - 1, 10**12, 10**13, 10**30, 1.0, 5e12),
    *([], {}, [1], [-1], list(range(2_048)), list(range(2_049))),
]
"""Values at and beyond the bounds of the schemas, and of every kind."""
ODD_IN: dict[str, list[Any]] = {
    "reactions": [
        *({"🔥": 1}, {"🔥": 0}, {"🔥": "1"}, {"": 1}, {str(n): 1 for n in range(30)}, {str(n): 1 for n in range(31)}),
        *({"0": {"🔥": 1}}, {"01": {"🔥": 1}}, {"999999": {"🔥": 1}}, {"1000000": {"🔥": 1}}, {"7": {}}),
        *({str(n): {"🔥": 1} for n in range(120)}, {str(n): {"🔥": 1} for n in range(121)}),
        {"level": 0, "hashes": [1], "more": 2},
    ],
    "votes": [
        *(False, 2, 50, 51, 2**50 - 1, 2**50, 604_800_000, 604_800_001, 10**13 - 1),
        *("a" * 22, "-_" * 11, "a" * 21, "=" * 22, "0" * 26, "I" * 26, "l" * 26, "Z" * 26, "Z" * 27),
        *([EXAMPLES["votes"][0]["votes"][0]] * 500, [EXAMPLES["votes"][0]["votes"][0]] * 501),
        *([EXAMPLES["votes"][0]["votes"][0], 1], [EXAMPLES["votes"][0]["votes"][0], [[]]]),
    ],
}


def changed(topic: str, choose: random.Random) -> str:
    """Return an example in which something is another value, is missing, or is there twice."""
    record = json.loads(json.dumps(choose.choice(EXAMPLES[topic])))
    for _ in range(choose.choice([1, 1, 1, 2])):
        inner = [v for v in (*record.values(), *record.get("votes", ())) if isinstance(v, dict)]
        where = choose.choice([record, *(inner or [record])])
        name = choose.choice([*where, "more", "🔥", "7"])
        if choose.random() < 0.15:
            where.pop(name, None)
        else:
            where[name] = choose.choice(ODD + ODD_IN[topic])
        if not isinstance(record.get("votes", []), list):
            break
    text = json.dumps(record, ensure_ascii=choose.random() < 0.3)
    again = choose.random()
    if again < 0.05:
        return text.replace('"v": 1,', '"v": 1, "v": 1,')
    return text.replace('"choices"', '"choices": 9999999999999999, "choices"') if again < 0.1 else text


@pytest.mark.parametrize("topic", sorted(READ_IN_JVM))
def test_reader_and_schema_find_the_same_records_valid(env: TableEnvironment, records: Records, topic: str) -> None:
    choose = random.Random(7)
    examples = (json.dumps(one) for one in EXAMPLES[topic])
    lines = sorted({*examples, *(changed(topic, choose) for _ in range(3_000)), "[]", '{"v": 1', '{"v": 1} 2'})
    env.create_java_temporary_system_function("is_valid", READ_IN_JVM[topic])
    env.execute_sql(f"CREATE TEMPORARY TABLE written_records (`value` BYTES) WITH ({records(lines)})")
    with env.execute_sql("SELECT `value` FROM written_records WHERE is_valid(`value`)").collect() as rows:
        read = {bytes(row[0]).decode() for row in rows}
    reason = reason_checker(topic)
    valid = {line for line in lines if reason(line.encode()) is None}
    assert read == valid
    assert 100 < len(valid) < len(lines) - 100, "there are enough of either kind"
