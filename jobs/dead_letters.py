"""What cannot be read goes to `dead-letters`: the original bytes, and headers that say where it stood and why.

The hot path steps over what is bad without a word. This branch reads the topic once more, as bytes. A record of which
the hot path counts everything is recognised in the JVM, by the same reader, and goes no further. Only the others come
to Python, to be held against the schema in `contracts`, which says what is wrong.
"""

import json
from collections.abc import Callable, Iterator

from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match
from pyflink.table import DataTypes, StatementSet, TableEnvironment
from pyflink.table.udf import FunctionContext, TableFunction, udtf

from contracts import schemas
from contracts.topics import DEAD_LETTERS, DeadLetterHeader, Topic
from jobs.environment import pace_of
from jobs.settings import JobSettings
from jobs.sources import connection, kafka

READ_IN_JVM = {"reactions": "ovation.IsReactionRecord", "votes": "ovation.IsVoteRecord"}
"""Functions of `jobs/java` that say whether the hot path counts a record of a topic, all of it."""

UNREAD = "not read: half a character, or deeper than a thousand values"
"""What can be wrong with a record that the schema finds valid, and the hot path does not count."""

MAX_REASON_CHARS = 300


class _Fraction:
    """A number that is not digits alone: to a schema 1.0 is an integer, to the readers in the JVM it is none."""

    def __init__(self, written: str) -> None:
        self._written = written

    def __repr__(self) -> str:
        return self._written


def reason_checker(topic: str) -> Callable[[bytes | None], str | None]:
    """Return a function that says what is wrong with the bytes of a record of `topic`, or None if nothing is."""
    validator = Draft202012Validator(schemas.load(topic))
    number_of = _Fraction if topic in READ_IN_JVM else float

    def reason(value: bytes | None) -> str | None:
        if value is None:
            return None if topic == "control" else "no value"
        try:
            record = json.loads(value, parse_float=number_of)
        except (ValueError, RecursionError) as fault:
            return f"not JSON: {fault}"[:MAX_REASON_CHARS]
        error = best_match(validator.iter_errors(record))
        return None if error is None else f"{error.json_path}: {error.message}"[:MAX_REASON_CHARS]

    return reason


class Faults(TableFunction):  # type: ignore[misc]
    """Table function `(value) -> reason`: a row that says what is wrong with the record, or none.

    A table function, because the planner computes a scalar one before the filter that is to spare it.
    """

    def __init__(self, topic: str) -> None:
        """Check records of `topic`."""
        self._topic = topic

    def open(self, function_context: FunctionContext) -> None:
        """Load the schema, in the worker."""
        self._reason = reason_checker(self._topic)

    def eval(self, value: bytes | None) -> Iterator[str]:
        """Check one record."""
        reason = self._reason(value)
        if reason is None and self._topic in READ_IN_JVM:
            reason = UNREAD
        if reason is not None:
            yield reason


def define_raw(env: TableEnvironment, topic: Topic, source: str) -> None:
    """Define the table of the records of `topic` as bytes, read from `source`."""
    env.execute_sql(f"""
        CREATE TEMPORARY TABLE raw_{topic.name} (
            `value` BYTES,
            `partition` INT METADATA VIRTUAL,
            `offset` BIGINT METADATA VIRTUAL
        ) WITH ({source}, 'format' = 'raw')""")


def define_bad(env: TableEnvironment, topic: Topic) -> str:
    """Define the view of the bad records of `topic` over its table of bytes. Returns the view's name."""
    faults = udtf(Faults(topic.name), result_types=[DataTypes.STRING()])
    env.create_temporary_system_function(f"faults_{topic.name}", faults)
    suspect = "TRUE"
    if topic.name in READ_IN_JVM:
        env.create_java_temporary_system_function(f"is_valid_{topic.name}", READ_IN_JVM[topic.name])
        suspect = f"NOT is_valid_{topic.name}(`value`)"
    env.execute_sql(f"""
        CREATE TEMPORARY VIEW bad_{topic.name} AS
        SELECT `value`, `partition`, `offset`, reason
        FROM (SELECT * FROM raw_{topic.name} WHERE {suspect})
        CROSS JOIN LATERAL TABLE(faults_{topic.name}(`value`)) AS fault (reason)""")
    return f"bad_{topic.name}"


def add(env: TableEnvironment, statements: StatementSet, topic: Topic, settings: JobSettings) -> None:
    """Add the branch that writes the bad records of `topic` to `dead-letters`."""
    define_raw(env, topic, kafka(topic.name, pace_of("clickhouse", settings), settings))
    bad = define_bad(env, topic)
    env.execute_sql(f"""
        CREATE TEMPORARY TABLE IF NOT EXISTS dead_letters (
            `value` BYTES,
            `headers` MAP<STRING, BYTES> METADATA
        ) WITH (
            'connector' = 'kafka',
            'topic' = '{DEAD_LETTERS.name}',
            {connection(settings)},
            'sink.delivery-guarantee' = 'at-least-once',
            'format' = 'raw'
        )""")
    statements.add_insert_sql(f"""
        INSERT INTO dead_letters
        SELECT `value`, MAP[
            '{DeadLetterHeader.TOPIC}', ENCODE('{topic.name}', 'UTF-8'),
            '{DeadLetterHeader.PARTITION}', ENCODE(CAST(`partition` AS STRING), 'UTF-8'),
            '{DeadLetterHeader.OFFSET}', ENCODE(CAST(`offset` AS STRING), 'UTF-8'),
            '{DeadLetterHeader.REASON}', ENCODE(reason, 'UTF-8')]
        FROM {bad}""")
