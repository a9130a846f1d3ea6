"""How many Redis a stack has, and where they listen."""

from pydantic import Field
from pydantic_settings import BaseSettings


class RedisPorts(BaseSettings):
    """One Redis, or the masters of a cluster. They are settings of the stack."""

    redis_port: int = Field(default=6379, ge=1, le=65535)
    redis_masters: int = Field(default=1, ge=1, le=3)
    """With more than one they are a Redis Cluster, which shares the streams out among them."""
    more_redis_ports: tuple[int, ...] = ()
    """Of a cluster's other masters, and behind them those at which all of them speak to each other; by default the ones
    that follow `redis_port`."""

    @property
    def redis_ports(self) -> tuple[int, ...]:
        """The port of each Redis."""
        return (self.redis_port, *self._more_redis_ports[: self.redis_masters - 1])

    @property
    def redis_bus_ports(self) -> tuple[int, ...]:
        """The ports at which the masters of a cluster speak to each other."""
        return self._more_redis_ports[self.redis_masters - 1 :]

    @property
    def redis_url(self) -> str:
        if self.redis_masters == 1:
            return f"redis://127.0.0.1:{self.redis_port}/0"
        return f"redis+cluster://{','.join(f'127.0.0.1:{port}' for port in self.redis_ports)}"

    @property
    def _more_redis_ports(self) -> tuple[int, ...]:
        following = range(self.redis_port + 1, self.redis_port + 1 + beside_redis_port(self.redis_masters))
        return self.more_redis_ports or tuple(following)


def beside_redis_port(masters: int) -> int:
    """Return how many ports so many masters need beside `redis_port`: one has no other, and speaks to nobody."""
    return 0 if masters == 1 else 2 * masters - 1
