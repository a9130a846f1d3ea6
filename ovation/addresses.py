"""Where a deployment is: what `OVATION_*` says, else where the running embedded stack listens, else the usual ports."""

import os
from typing import Annotated

from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, JsonConfigSettingsSource, PydanticBaseSettingsSource, SettingsConfigDict

from contracts import kafka_login, regions, store_urls
from contracts.kafka_login import KafkaLogin, Security
from ovation.data_dir import data_dir, secrets_file, stack_file
from ovation.errors import OvationError


class Addresses(BaseSettings):
    """Addresses of every part of a deployment, and what it takes to be let in."""

    model_config = SettingsConfigDict(env_prefix="OVATION_", extra="ignore", frozen=True, hide_input_in_errors=True)

    kafka_bootstrap: str = "127.0.0.1:9092"
    kafka_username: str = ""
    kafka_password: SecretStr = SecretStr("")
    kafka_ca_file: str = ""
    """Certificates (PEM) that Kafka's is signed with, where the machine does not know them."""
    kafka_security: Annotated[Security, Field(validate_default=True)] = "plaintext"
    """Held against the three before it."""
    redis_url: SecretStr = SecretStr("redis://127.0.0.1:6379/0")
    clickhouse_url: str = "http://127.0.0.1:8123"
    clickhouse_user: str = "default"
    clickhouse_password: SecretStr = SecretStr("")
    flink_url: str = "http://127.0.0.1:8081"
    gateway_url: str = "http://127.0.0.1:8080"
    api_key: SecretStr = SecretStr("")
    region: str = "local"
    regions: str = ""
    """Every region of the deployment, `NAME=URL,NAME=URL` (contracts.regions); empty where there is one."""

    @field_validator("regions")
    @classmethod
    def _with_this_one(cls, text: str, others: ValidationInfo) -> str:
        regions.others(regions.read(text), others.data["region"])
        return text

    @field_validator("kafka_security")
    @classmethod
    def _let_in(cls, security: Security, others: ValidationInfo) -> Security:
        kafka_login.checked(kafka_login.of({**others.data, "kafka_security": security}))
        return security

    @field_validator("redis_url")
    @classmethod
    def _readable(cls, url: SecretStr) -> SecretStr:
        store_urls.checked_redis(url.get_secret_value())
        return url

    @field_validator("clickhouse_url")
    @classmethod
    def _without_password(cls, url: str) -> str:
        return store_urls.checked_clickhouse(url)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Read the environment first, then the files of the embedded stack."""
        root = data_dir()
        files = [stack_file(root)] if stack_file(root).exists() else []
        # The stack's own key is for its own gateway; another gateway must not be shown it.
        if files and "OVATION_GATEWAY_URL" not in os.environ:
            files.append(secrets_file(root))
        return init_settings, env_settings, JsonConfigSettingsSource(settings_cls, json_file=files)

    @property
    def other_regions(self) -> tuple[str, ...]:
        """The names of the regions beside this one, sorted."""
        return regions.others(regions.read(self.regions), self.region)

    @property
    def kafka_login(self) -> KafkaLogin:
        """Who the program is to Kafka. It holds a secret."""
        return kafka_login.of(self.__dict__)

    def environment(self) -> dict[str, str]:
        """Return the same addresses as the variables that programs of Ovation read. It holds secrets."""
        values = {name: getattr(self, name) for name in type(self).model_fields}
        return {
            f"OVATION_{name.upper()}": value.get_secret_value() if isinstance(value, SecretStr) else value
            for name, value in values.items()
        }


def find_addresses() -> Addresses:
    """Return the addresses of the deployment that commands work on.

    Raises OvationError when a setting is malformed.
    """
    try:
        return Addresses()
    except ValidationError as error:
        first = error.errors()[0]
        name = "_".join(map(str, first["loc"])).upper()
        raise OvationError(f"OVATION_{name} is malformed: {first['msg']}.") from error
    except ValueError as error:
        raise OvationError(f"{stack_file(data_dir())} is not JSON: delete it, and start the stack again.") from error
