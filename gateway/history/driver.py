"""ClickHouse's client, which is imported where there is a ClickHouse: an edge has none, and starts sooner without."""

from importlib import import_module
from typing import Any


class Driver:
    """The library, imported when this is made: not when the first question comes, which would wait for it."""

    def __init__(self) -> None:
        self._library = import_module("clickhouse_connect")
        self.failures: tuple[type[Exception], ...] = (
            import_module("clickhouse_connect.driver.exceptions").ClickHouseError,
            import_module("aiohttp").ClientError,
        )
        """What its calls raise beside OSError and TimeoutError."""

    async def connect(self, **options: Any) -> Any:
        """Return a client. Raises one of `failures`."""
        return await self._library.create_async_client(**options)
