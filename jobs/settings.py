"""Settings of the jobs, read from `OVATION_*` where a job is submitted and carried with it to the workers."""

from typing import Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

Sink = Literal["redis", "clickhouse"]


class JobSettings(BaseSettings):
    """Where the jobs read and write, and how long they remember."""

    model_config = SettingsConfigDict(env_prefix="OVATION_", extra="ignore")

    kafka_bootstrap: str = "127.0.0.1:9092"
    redis_url: SecretStr = SecretStr("redis://127.0.0.1:6379/0")
    clickhouse_url: str = "http://127.0.0.1:8123"
    clickhouse_user: str = "default"
    clickhouse_password: SecretStr = SecretStr("")

    parallelism: int = Field(default=1, ge=1, le=1024)
    live_batch_ms: int = Field(
        default=20, ge=1, le=1_000, description="Mini-batch of the deployments that feed screens."
    )
    history_batch_ms: int = Field(default=1_000, ge=50, le=60_000, description="Mini-batch of those that feed history.")
    state_ttl_h: int = Field(
        default=9 * 24, ge=1, description="Hours that a voter and a total are remembered after their last event."
    )
    window_ttl_h: int = Field(default=3 * 24, ge=1, description="Hours that a window is remembered after its last tap.")
    partition_discovery_s: int = Field(default=10, ge=1, description="Seconds until new partitions are read.")
