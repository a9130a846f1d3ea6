"""What the gateway is told from outside, as environment variables `OVATION_*`. Durations name their unit."""

import socket
from functools import cached_property
from typing import Annotated

from pydantic import Field, SecretStr, StringConstraints, ValidationInfo, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from contracts import kafka_login, regions, store_urls
from contracts.kafka_login import KafkaLogin, Security
from contracts.limits import ID_PATTERN, MAX_INTERVAL_MS, MIN_INTERVAL_MS
from contracts.traces import ONE_IN
from gateway.auth.api_keys import setting_hash
from gateway.auth.secrets import MIN_SECRET_CHARS, signing_secrets
from gateway.log import Format


class Settings(BaseSettings):
    """Typed settings; a secret never shows in a repr, an error or a log."""

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
    """Read for receipts, ballots, recounts and history, by a user that need not write. Nothing that a viewer waits for
    needs it. Without a URL the gateway is an edge: it takes and shows, and leaves all that to gateways with one."""
    region: Annotated[str, StringConstraints(pattern=ID_PATTERN)] = "local"
    regions: str = ""
    """Every region of the deployment and where viewers reach it, `NAME=URL,NAME=URL` (contracts.regions)."""
    edge: Annotated[str, StringConstraints(max_length=128)] = ""
    """Name of this gateway in every record; by default host and port."""

    gateway_host: str = "127.0.0.1"
    gateway_port: Annotated[int, Field(ge=1, le=65_535)] = 8080
    api_keys: SecretStr
    """Keys of broadcasters that are there from the beginning and may do everything, separated by commas: the key
    itself, or `sha256:` and its hash in hex."""
    token_secret: SecretStr
    """Signs viewers' tokens and seals receipts. The same on every gateway. To rotate: `KID:SECRET,KID:SECRET`, of which
    the first signs and all are accepted."""
    voter_secret: SecretStr
    """Hides viewers' identities. The same on every gateway, for as long as a poll lives: a new one makes new voters."""
    allowed_origins: str = ""
    """Origins beside the gateway's own whose pages may open a socket, separated by commas."""

    log_format: Format = "json"
    """One JSON object a line, or `text` for a person at a terminal."""
    log_requests: bool = False
    """A line for each request, but not for the taps and votes of a crowd, which are counted in `/metrics`."""

    otlp_endpoint: str = ""
    """Collector of traces, as `http://HOST:4318`; empty, there are none."""
    trace_one_in: Annotated[int, Field(ge=1)] = ONE_IN
    """Windows of a stream of which one is traced. The same for gateways and jobs."""

    flush_ms: Annotated[int, Field(ge=1, le=1_000)] = 25
    """How long taps are added up before they go to Kafka."""
    max_waiting: Annotated[int, Field(ge=1)] = 100_000
    """Sums of taps, one per stream, window and emoji, that may wait in memory while Kafka is away."""
    max_unacked: Annotated[int, Field(ge=1)] = 1_000
    """Records of taps that may be on their way to Kafka; past it, taps go on adding up."""
    hot_taps_per_s: Annotated[int, Field(ge=0)] = 10_000
    """Taps of one stream at this gateway for each of which its records go over one more partition; 0 is never."""

    vote_linger_ms: Annotated[int, Field(ge=0, le=100)] = 5
    """How long the first vote of a micro-batch waits for company."""
    vote_deadline_ms: Annotated[int, Field(ge=100)] = 5_000
    """How long a vote, or a change of a stream or poll, waits for Kafka before its caller is told to try again."""
    max_waiting_votes: Annotated[int, Field(ge=1)] = 20_000

    limit_viewer_taps_per_s: Annotated[int, Field(ge=0)] = 50
    """Taps of one viewer; more are not counted. Every limit is this gateway's own, and 0 is none."""
    limit_viewer_requests_per_s: Annotated[int, Field(ge=0)] = 100
    """Requests and frames of one viewer: more than taps, so that single taps are capped before they are refused."""
    limit_address_per_s: Annotated[int, Field(ge=0)] = 2_000
    """Requests from one address, of IPv6 from one /64: as many viewers as sit behind one."""
    limit_stream_per_s: Annotated[int, Field(ge=0)] = 50_000
    """Requests and frames of one stream."""
    limit_api_key_per_s: Annotated[int, Field(ge=0)] = 500
    """Requests with one API key."""
    limit_network_voters: Annotated[int, Field(ge=0)] = 0
    """Voters of one network, an IPv4 address or a /64 of IPv6, whose ballots of a poll this gateway lets count."""
    limit_burst_s: Annotated[int, Field(ge=1, le=60)] = 10
    """Seconds' worth of a limit that may come at once."""

    push_ms: Annotated[int, Field(ge=MIN_INTERVAL_MS, le=MAX_INTERVAL_MS)] = 50
    """Shortest time between two messages about a stream on a screen, where its connection does not choose another."""
    slow_socket_s: Annotated[float, Field(gt=0)] = 10
    """A socket or event stream that takes nothing for so long is closed."""
    slow_request_s: Annotated[float, Field(gt=0)] = 10
    """A request that is not whole so long after its first bytes is answered 408."""
    drain_s: Annotated[int, Field(ge=1)] = 30
    """How long a stopping gateway waits for Kafka to take its taps: long enough for a broker's restart."""

    @field_validator("kafka_security")
    @classmethod
    def _let_in(cls, security: Security, others: ValidationInfo) -> Security:
        kafka_login.checked(kafka_login.of({**others.data, "kafka_security": security}))
        return security

    @field_validator("regions")
    @classmethod
    def _with_this_one(cls, text: str, others: ValidationInfo) -> str:
        regions.others(regions.read(text), others.data.get("region", ""))
        return text

    @field_validator("redis_url")
    @classmethod
    def _readable(cls, url: SecretStr) -> SecretStr:
        store_urls.checked_redis(url.get_secret_value())
        return url

    @field_validator("clickhouse_url")
    @classmethod
    def _without_password(cls, url: str) -> str:
        return url and store_urls.checked_clickhouse(url)

    @field_validator("otlp_endpoint")
    @classmethod
    def _collector(cls, url: str) -> str:
        return store_urls.checked_collector(url)

    @field_validator("token_secret")
    @classmethod
    def _signing_secrets(cls, secret: SecretStr) -> SecretStr:
        signing_secrets(secret.get_secret_value())
        return secret

    @field_validator("voter_secret")
    @classmethod
    def _long_enough(cls, secret: SecretStr) -> SecretStr:
        if len(secret.get_secret_value()) < MIN_SECRET_CHARS:
            raise ValueError(f"needs at least {MIN_SECRET_CHARS} characters")
        return secret

    @field_validator("api_keys")
    @classmethod
    def _at_least_one_key(cls, keys: SecretStr) -> SecretStr:
        parts = split(keys.get_secret_value())
        if not parts:
            raise ValueError("needs at least one key")
        for part in parts:
            setting_hash(part)
        return keys

    @cached_property
    def all_regions(self) -> dict[str, str]:
        """Every region, and where viewers reach it; empty where there is one."""
        return regions.read(self.regions)

    @property
    def other_regions(self) -> tuple[str, ...]:
        """The names of the regions beside this one, sorted."""
        return regions.others(self.all_regions, self.region)

    @cached_property
    def other_gateways(self) -> tuple[str, ...]:
        """Where viewers reach the gateways of the other regions."""
        return tuple(self.all_regions[name] for name in self.other_regions)

    @cached_property
    def page_origins(self) -> frozenset[str]:
        """Origins beside the gateway's own whose pages may open a socket."""
        return split(self.allowed_origins) | frozenset(self.other_gateways)

    @property
    def kafka_login(self) -> KafkaLogin:
        """Who the program is to Kafka. It holds a secret."""
        return kafka_login.of(self.__dict__)

    @model_validator(mode="before")
    @classmethod
    def _name_the_edge(cls, values: dict[str, object]) -> dict[str, object]:
        if not values.get("edge"):
            port = values.get("gateway_port", cls.model_fields["gateway_port"].default)
            values = {**values, "edge": f"{socket.gethostname()}-{port}"[:128]}
        return values


def split(text: str) -> frozenset[str]:
    """Return the parts of a comma-separated setting."""
    return frozenset(part.strip() for part in text.split(",") if part.strip())
