from tests.gateway.history.engine import clickhouse

__all__ = ["clickhouse"]
