"""Settings of the jobs, read from `OVATION_*` where a job is submitted and carried with it to the workers.

All but passwords: what travels stands in the job's graph, which Flink keeps and may write where many can read. A worker
reads those from its own environment.
"""

import os
from typing import Annotated, Any, Literal, get_args
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from contracts import kafka_login, regions, store_urls
from contracts.kafka_login import Security
from contracts.traces import ONE_IN

Sink = Literal["redis", "clickhouse"]
SINKS: tuple[Sink, ...] = get_args(Sink)


class MissingSecretError(RuntimeError):
    """Says which variable a TaskManager lacks."""


class JobSettings(BaseSettings):
    """Where the jobs read and write, and how long they remember."""

    model_config = SettingsConfigDict(env_prefix="OVATION_", extra="ignore", hide_input_in_errors=True)

    kafka_bootstrap: str = "127.0.0.1:9092"
    kafka_username: str = ""
    kafka_password: SecretStr = SecretStr("")
    kafka_ca_file: str = ""
    """Certificates (PEM) that Kafka's is signed with, where the machine does not know them."""
    kafka_security: Annotated[Security, Field(validate_default=True)] = "plaintext"
    """Held against the three before it. Username and password are those of whoever runs the job: see `jobs.sources`."""
    redis_url: SecretStr = SecretStr("redis://127.0.0.1:6379/0")
    clickhouse_url: str = "http://127.0.0.1:8123"
    clickhouse_user: str = "default"
    clickhouse_password: SecretStr = SecretStr("")

    region: str = "local"
    regions: str = ""
    """Every region of the deployment, `NAME=URL,NAME=URL` (contracts.regions); what others wrote is read beside it."""

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

    otlp_endpoint: str = ""
    """Collector of traces, as `http://HOST:4318`; empty, there are none."""
    trace_one_in: int = Field(default=ONE_IN, ge=1)
    """Windows of a stream of which one is traced. The same for gateways and jobs."""

    @field_validator("kafka_security")
    @classmethod
    def _let_in(cls, security: Security, others: ValidationInfo) -> Security:
        kafka_login.checked(kafka_login.of({**others.data, "kafka_security": security}), here=False)
        return security

    @field_validator("regions")
    @classmethod
    def _with_this_one(cls, text: str, others: ValidationInfo) -> str:
        regions.others(regions.read(text), others.data["region"])
        return text

    @field_validator("redis_url")
    @classmethod
    def _readable(cls, url: SecretStr) -> SecretStr:
        store_urls.checked_redis(url.get_secret_value())
        return url

    @field_validator("clickhouse_url")
    @classmethod
    def _without_password(cls, url: str) -> str:
        return store_urls.checked_clickhouse(url)

    @field_validator("otlp_endpoint")
    @classmethod
    def _collector(cls, url: str) -> str:
        return store_urls.checked_collector(url)

    @property
    def other_regions(self) -> tuple[str, ...]:
        """The names of the regions beside this one, sorted."""
        return regions.others(regions.read(self.regions), self.region)

    def __getstate__(self) -> dict[Any, Any]:
        """Return what travels to the workers."""
        state = super().__getstate__()
        return {**state, "__dict__": {**state["__dict__"], **dict.fromkeys(self._passwords())}}

    def __setstate__(self, state: dict[Any, Any]) -> None:
        """Take what has travelled, and passwords from this worker's environment. Raises MissingSecretError."""
        values = {name: _own(name) if value is None else value for name, value in state["__dict__"].items()}
        super().__setstate__({**state, "__dict__": values})

    def _passwords(self) -> list[str]:
        """Return the names of the settings that hold one, or say whose it is. No setting is None otherwise."""
        redis = urlsplit(self.redis_url.get_secret_value())
        held = {
            "redis_url": redis.password or "password=" in redis.query,
            "clickhouse_password": self.clickhouse_password.get_secret_value(),
            # The connector takes both itself (`jobs.sources`). Here it is said which is lacking, which it does not say.
            "kafka_username": self.kafka_username,
            "kafka_password": self.kafka_password.get_secret_value(),
        }
        return [name for name, password in held.items() if password]


def _own(name: str) -> str | SecretStr:
    variable = f"OVATION_{name.upper()}"
    value = os.environ.get(variable)
    if value is None:
        raise MissingSecretError(
            f"{variable} is not set where Flink's TaskManagers run. The job was submitted with a password, and none "
            "travels with a job: give each TaskManager the same variable in its environment."
        )
    return SecretStr(value) if JobSettings.model_fields[name].annotation is SecretStr else value
