"""The engine that these tests ask, and the files that they are about."""

from local.clickhouse.process import Server, launch, running
from local.paths import CHECKOUT

__all__ = ["MIGRATIONS", "QUERIES", "Server", "launch", "running"]

MIGRATIONS = CHECKOUT / "sql" / "migrations"
QUERIES = CHECKOUT / "sql" / "queries"
