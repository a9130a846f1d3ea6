"""What the engine is asked, and what it answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from local.clickhouse.statement import Insert, Statement


@dataclass(frozen=True, slots=True)
class Query:
    """One statement with everything that it runs under. Parameters are in ClickHouse's escaped text form."""

    statement: Statement | Insert
    database: str | None = None
    settings: Mapping[str, str] = field(default_factory=dict)
    parameters: Mapping[str, str] = field(default_factory=dict)
    output_format: str = "TabSeparated"
    read_only: bool = False
    is_whole: bool = False
    """Whether nothing may be answered before the query has ended."""


@dataclass(frozen=True, slots=True)
class Result:
    """What a query answered, and what it cost."""

    body: bytes = b""
    read_rows: int = 0
    read_bytes: int = 0
    written_rows: int = 0
    written_bytes: int = 0
    elapsed_s: float = 0.0
