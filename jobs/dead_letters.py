"""What cannot be read goes to `dead-letters`: the original bytes, and headers that say where it stood and why.

The hot path steps over bad records without a word. This branch reads the topic once more, as bytes. A record
written the way gateways write it is recognised in the JVM by one regular expression and goes no further. Only the
others come to Python, to be held against the schema in `contracts`, which finds them valid after all or says what is
wrong.
"""

import json
from collections.abc import Callable, Iterator

from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match
from pyflink.table import DataTypes, StatementSet, TableEnvironment
from pyflink.table.udf import FunctionContext, TableFunction, udtf

from contracts import schemas
from contracts.limits import MAX_EMOJIS, MAX_REACTORS_PER_RECORD, MAX_VIDEO_SECONDS_PER_RECORD
from contracts.topics import DEAD_LETTERS, DeadLetterHeader, Topic
from jobs.environment import pace_of
from jobs.settings import JobSettings
from jobs.sources import kafka

_ID = r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}"
_TEXT = r'[^"\\\x00-\x1f\ufffd]'
_MS = r"[1-9][0-9]{12}"
_HEAD = rf'"region":"{_ID}","edge":"{_TEXT}{{1,128}}"'
_TAPS = rf'"{_TEXT}{{1,16}}":[1-9][0-9]{{0,8}}'
_COUNTS = rf"\{{{_TAPS}(?:,{_TAPS}){{0,{MAX_EMOJIS - 1}}}+\}}"
_AT_SECOND = rf'"(?:0|[1-9][0-9]{{0,5}})":{_COUNTS}'
_VIDEO = rf'(?:,"video":\{{{_AT_SECOND}(?:,{_AT_SECOND}){{0,{MAX_VIDEO_SECONDS_PER_RECORD - 1}}}+\}})?'
_HASH = "(?:0|[1-9][0-9]{0,14}|[1-3][0-9]{15}|4[0-4][0-9]{14})"
_REACTORS = (
    rf'(?:,"reactors":\{{"level":(?:[12]?[0-9]|3[0-2]),'
    rf'"hashes":\[{_HASH}(?:,{_HASH}){{0,{MAX_REACTORS_PER_RECORD - 1}}}+\]\}})?'
)
_BOOL = "(?:true|false)"
_OPTIONS = "(?:[1-4][0-9]|50|[2-9])"
_VOTE = (
    rf'\{{"stream_id":"{_ID}","poll_id":"{_ID}","voter":"[A-Za-z0-9_-]{{22}}",'
    rf'"receipt":"[0-9A-HJKMNP-TV-Z]{{26}}","at":{_MS},"choices":(?:0|[1-9][0-9]{{0,14}}),"options":{_OPTIONS},'
    rf'"max_choices":(?:1|{_OPTIONS}),"allow_change":{_BOOL},"allow_withdraw":{_BOOL},"eligible":{_BOOL},'
    rf'"deadline":(?:null|{_MS})(?:,"playback_ms":(?:0|[1-9][0-9]{{0,7}}|[1-5][0-9]{{8}}))?\}}'
)

# The repetitions are possessive (`+`): Java takes those in a loop, and others by recursion, for which a full batch of
# votes is too deep.
CANONICAL = {
    "reactions": rf'^\{{"v":1,"stream_id":"{_ID}",{_HEAD},"at":{_MS},"counts":{_COUNTS}{_VIDEO}{_REACTORS}\}}$',
    "votes": rf'^\{{"v":1,{_HEAD},"votes":\[{_VOTE}(?:,{_VOTE}){{0,499}}+\]\}}$',
}
"""How the gateway's encoder writes a valid record of a topic. `control` has none: its records are few."""

MAX_REASON_CHARS = 300


def reason_checker(topic: str) -> Callable[[bytes | None], str | None]:
    """Return a function that says what is wrong with the bytes of a record of `topic`, or None if nothing is."""
    validator = Draft202012Validator(schemas.load(topic))

    def reason(value: bytes | None) -> str | None:
        if value is None:
            return None if topic == "control" else "no value"
        try:
            record = json.loads(value)
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
    if topic.name in CANONICAL:
        literal = CANONICAL[topic.name].replace("'", "''")
        suspect = f"`value` IS NULL OR NOT REGEXP(DECODE(`value`, 'UTF-8'), '{literal}')"
    env.execute_sql(f"""
        CREATE TEMPORARY VIEW bad_{topic.name} AS
        SELECT `value`, `partition`, `offset`, reason
        FROM (SELECT * FROM raw_{topic.name} WHERE {suspect})
        CROSS JOIN LATERAL TABLE(faults_{topic.name}(`value`)) AS fault (reason)""")
    return f"bad_{topic.name}"


def add(env: TableEnvironment, statements: StatementSet, topic: Topic, settings: JobSettings) -> None:
    """Add the branch that writes the bad records of `topic` to `dead-letters`."""
    define_raw(env, topic, kafka(topic, pace_of("clickhouse", settings), settings))
    bad = define_bad(env, topic)
    env.execute_sql(f"""
        CREATE TEMPORARY TABLE IF NOT EXISTS dead_letters (
            `value` BYTES,
            `headers` MAP<STRING, BYTES> METADATA
        ) WITH (
            'connector' = 'kafka',
            'topic' = '{DEAD_LETTERS.name}',
            'properties.bootstrap.servers' = '{settings.kafka_bootstrap}',
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
