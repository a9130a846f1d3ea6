"""Settings of the embedded stack, read from `OVATION_*`."""

import os
from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from local import profiles
from local.errors import StackError
from local.paths import DataDir
from local.ports import free_ports
from local.redis_ports import RedisPorts, beside_redis_port
from ovation import data_dir


class StackSettings(RedisPorts, BaseSettings):
    """Where the stack keeps its data, where its parts listen (on loopback), and the memory they take."""

    model_config = SettingsConfigDict(env_prefix="OVATION_", extra="ignore", frozen=True)

    data_dir: Path = Field(default_factory=data_dir.data_dir)
    region: str = "local"
    regions: str = ""
    """Every region of the deployment, `NAME=URL,NAME=URL` (contracts.regions); empty, there is this one."""
    neighbours: dict[str, str] = {}
    """Where the Kafka of each other region is."""

    kafka_port: int = Field(default=9092, ge=1, le=65535)
    kafka_controller_port: int = Field(default=9093, ge=1, le=65535)
    clickhouse_port: int = Field(default=8123, ge=1, le=65535)
    flink_port: int = Field(default=8081, ge=1, le=65535)
    flink_rpc_port: int = Field(default=6123, ge=1, le=65535)
    flink_zookeeper_port: int = Field(default=2181, ge=1, le=65535)
    gateway_port: int = Field(default=8080, ge=1, le=65535)
    mirror_port: int = Field(default=8083, ge=1, le=65535)

    more_gateway_ports: tuple[int, ...] = ()
    """Of gateways beside the first one, for who tries what happens to several."""

    memory_mb: int = Field(default=3_200, ge=0)
    """What must be free before the whole stack starts; 0 asks for nothing."""

    kafka_heap_mb: int = Field(default=512, ge=96)
    mirror_heap_mb: int = Field(default=256, ge=128)
    flink_jobmanager_mb: int = Field(default=1024, ge=256)
    flink_taskmanager_mb: int = Field(default=2560, ge=512)
    flink_taskmanagers: int = Field(default=2, ge=1, le=4)

    flink_options: dict[str, str] = {}
    """Of Flink's configuration, over those of `flink-conf/config.yaml`; in the environment a JSON object."""

    java_options: str = ""
    """Of every JVM, beside those that each has anyway."""

    malloc_arenas: int = Field(default=0, ge=0)
    """Arenas of a process's memory outside of Java's heap (`MALLOC_ARENA_MAX`); 0 leaves it to the system."""

    clickhouse_memory_mb: int = Field(default=0, ge=0)
    """What queries and caches of the ClickHouse engine may take; 0 leaves it, and that of its code, to the engine."""

    flink_metrics_ports: str = Field(default="", pattern=r"^(\d{1,5}([,-]\d{1,5})*)?$")
    """Three ports or more, such as 9249-9251, at which Flink's processes serve metrics to Prometheus. There they listen
    on every address of the machine, so by default there are none."""

    @field_validator("data_dir")
    @classmethod
    def _absolute(cls, path: Path) -> Path:
        return path.expanduser().absolute()

    @property
    def paths(self) -> DataDir:
        """The folders and files of this stack."""
        return DataDir(self.data_dir)

    @property
    def kafka_bootstrap(self) -> str:
        return f"127.0.0.1:{self.kafka_port}"

    @property
    def clickhouse_url(self) -> str:
        return f"http://127.0.0.1:{self.clickhouse_port}"

    @property
    def flink_url(self) -> str:
        return f"http://127.0.0.1:{self.flink_port}"

    @property
    def gateway_url(self) -> str:
        return f"http://127.0.0.1:{self.gateway_port}"

    def addresses(self) -> dict[str, str]:
        """Return where the parts listen, as `ovation.addresses.Addresses` reads it."""
        return {
            "kafka_bootstrap": self.kafka_bootstrap,
            "redis_url": self.redis_url,
            "clickhouse_url": self.clickhouse_url,
            "flink_url": self.flink_url,
            "gateway_url": self.gateway_url,
            "region": self.region,
            "regions": self.regions,
        }


NO_KAFKA_USERS = {"kafka_security": "plaintext", "kafka_username": "", "kafka_password": "", "kafka_ca_file": ""}
"""How programs speak to the stack's own Kafka, whatever their environment says of another."""

PORTS = tuple(name for name in StackSettings.model_fields if name.endswith("_port"))


def ephemeral(redis_masters: int, stacks: int = 1) -> list[dict[str, Any]]:
    """Return settings of ports that are free now, for each of some stacks with so many masters of Redis."""
    needed = len(PORTS) + beside_redis_port(redis_masters)
    found = free_ports(needed * stacks)
    shares = (found[first : first + needed] for first in range(0, len(found), needed))
    return [
        {**dict(zip(PORTS, share, strict=False)), "more_redis_ports": tuple(share[len(PORTS) :])} for share in shares
    ]


def read_settings(
    data_dir: Path | None = None, ephemeral_ports: bool = False, small: bool = False, redis_masters: int | None = None
) -> StackSettings:
    """Return the settings of the environment, with another data folder or with ports that are free now.

    A `small` stack takes from its profile what the environment does not say; `redis_masters` goes before it.
    Raises StackError when a setting is malformed.
    """
    changes: dict[str, Any] = {"data_dir": data_dir} if data_dir else {}
    if small:
        changes.update({name: value for name, value in profiles.SMALL.items() if _variable(name) not in os.environ})
    if redis_masters is not None:
        changes["redis_masters"] = redis_masters
    try:
        settings = StackSettings(**changes)
        return StackSettings(**changes, **ephemeral(settings.redis_masters)[0]) if ephemeral_ports else settings
    except ValidationError as error:
        first = error.errors()[0]
        name = "_".join(map(str, first["loc"]))
        raise StackError(f"{_variable(name)} is malformed: {first['msg']}.") from error


def _variable(name: str) -> str:
    return f"OVATION_{name.upper()}"
