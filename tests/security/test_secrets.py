"""Secrets are in nothing that a gateway writes or answers, whatever goes wrong: its stores refuse it, or are away."""

import signal
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path

import aiohttp
import pytest

from local import ready
from local.ports import free_ports
from local.redis import find_server
from tests.gateway.api import Api
from tests.gateway.processes import API_KEY, Process, gateway, until
from tests.gateway.tabs import welcomed
from tests.security.attacker import connection
from tests.security.conftest import NO_LIMITS

REDIS, CLICKHOUSE = "password-of-redis", "password-of-clickhouse"
TOKENS, VOTERS = "secret-of-tokens-" + "t" * 24, "secret-of-voters-" + "v" * 24
VIEWER = "viewer-whom-nobody-knows"
FIXED = (REDIS, CLICKHOUSE, TOKENS, VOTERS, API_KEY)


@pytest.fixture
def locked_redis(folder: Path) -> Iterator[tuple[Process, str]]:
    port = free_ports(1)[0]
    words = (find_server(), "--port", str(port), "--bind", "127.0.0.1", "--requirepass", REDIS, "--save", "")
    process = Process(words, lambda: ready.accepts(port), folder / "locked-redis.log")
    with _killed_in_the_end(process):
        process.start()
        yield process, f"127.0.0.1:{port}/0"


@contextmanager
def _killed_in_the_end(process: Process) -> Iterator[None]:
    try:
        yield
    finally:
        process.stop(signal.SIGKILL)


def _settings(**more: object) -> dict[str, object]:
    closed = f"http://127.0.0.1:{free_ports(1)[0]}"
    return {
        "clickhouse_url": closed,
        "clickhouse_password": CLICKHOUSE,
        "token_secret": TOKENS,
        "voter_secret": VOTERS,
        "log_requests": "true",
        **NO_LIMITS,
        **more,
    }


class Ears:
    """Keeps whatever a gateway answers."""

    def __init__(self, api: Api) -> None:
        self.api = api
        self.heard: list[str] = []

    async def ask(self, method: str, path: str, token: str | None = None, body: object = None, **headers: str) -> None:
        answer = await self.api.call(method, path, body, token, headers=headers)
        self.heard.append(f"{answer.status} {answer.headers} {answer.body}")


async def _misuse(ears: Ears, stream: str, poll: str, secrets: dict[str, str]) -> None:
    """Put every credential where it does not belong, and ask for what cannot be done."""
    path = f"/v1/streams/{stream}"
    for credential in secrets.values():
        await ears.ask("GET", path, credential)
        await ears.ask("POST", f"{path}/reactions", credential, {"counts": {"?": 1}})
        await ears.ask("POST", f"{path}/reactions", credential, "{")
        await ears.ask("POST", f"{path}/polls", credential, {"question": 1})
        await ears.ask("POST", f"{path}/polls/{poll}/votes", credential, {"choices": ["99"]})
        await ears.ask("GET", path, f"{credential}x")
        await ears.ask("GET", f"{path}/history/reactions", API_KEY, authorization=f"Basic {credential}")
    for unknown in ("/v1/receipts/none", "/none", f"{path}/history/reactions", "/readyz", "/metrics", "/openapi.json"):
        await ears.ask("GET", unknown, API_KEY)
    await ears.ask("GET", f"{path}/history/exports/votes?format=csv", API_KEY)
    async with connection(ears.api) as caller:
        reply = await caller.ask(b"GARBAGE %b\r\n\r\n" % API_KEY.encode())
        ears.heard.append(f"{reply.head}{reply.body}")


@pytest.fixture
async def ears(session: aiohttp.ClientSession) -> AsyncIterator[Ears]:
    yield Ears(Api(session, ""))


async def test_nothing_that_is_logged_or_answered_has_a_secret(
    ears: Ears, bootstrap: str, locked_redis: tuple[Process, str], folder: Path
) -> None:
    redis, address = locked_redis
    process, ears.api.url = gateway(bootstrap, f"redis://:{REDIS}@{address}", folder, **_settings())
    with _killed_in_the_end(process):
        process.start()
        stream = await ears.api.stream()
        poll = await ears.api.poll(stream)
        made = await ears.api.call("POST", "/v1/keys", {"name": "n", "scopes": ["read"]})
        token = await ears.api.token(stream, VIEWER)
        secrets = {
            "key": made.body["key"],
            "token": token,
            "api key": API_KEY,
            "its secret": made.body["key"].split("_", 2)[2],
        }
        await _misuse(ears, stream, poll, secrets)
        tab = await welcomed(ears.api, stream, token)
        await tab.say(type="vote", id=1, poll_id=poll, choices=["99"])
        ears.heard.append(str(await tab.answer()))
        receipt = (await ears.api.vote(stream, poll, token, ["1"])).body["receipt"]
        await ears.ask("GET", f"/v1/receipts/{receipt}")
        # From here on Redis is away, and what needs it fails.
        redis.stop()
        await _misuse(ears, stream, poll, secrets)
        until(lambda: "redis" in process.log.read_text().lower(), 20, "the gateway says that Redis is away")
        assert process.stop() == 0
    log = process.log.read_text()
    assert stream in log, "requests are logged"
    for secret in (*FIXED, VIEWER, *secrets.values()):
        assert secret not in log
        assert not [answer for answer in ears.heard if secret in answer], secret


async def test_a_store_that_refuses_is_said_without_the_password(
    ears: Ears, bootstrap: str, locked_redis: tuple[Process, str], folder: Path
) -> None:
    wrong = "another-password"
    process, ears.api.url = gateway(bootstrap, f"redis://:{wrong}@{locked_redis[1]}", folder, **_settings())
    port = int(ears.api.url.rpartition(":")[2])
    with _killed_in_the_end(process):
        process.start(wait=False)
        until(lambda: ready.answers(port, "/livez"), 20, "the gateway answers")
        await ears.ask("GET", "/readyz")
        assert ears.heard[0].startswith("503")
        assert "redis" in ears.heard[0]
    for text in (process.log.read_text(), *ears.heard):
        assert not [secret for secret in (*FIXED, wrong) if secret in text]


@pytest.mark.parametrize(
    "wrong",
    [
        {"token_secret": "short-secret"},
        {"token_secret": "kid:short-secret,kid:short-secret"},
        {"voter_secret": "short-secret"},
        {"api_keys": "sha256:short-secret"},
        {"redis_url": "redis://:short-secret/x@127.0.0.1:1"},
        {"clickhouse_url": "http://ovation:short-secret@127.0.0.1:1"},
        {"clickhouse_password": "short-secret", "gateway_port": "short"},
    ],
    ids=str,
)
def test_a_wrong_setting_is_named_and_not_shown(folder: Path, wrong: dict[str, str]) -> None:
    settings = {"redis_url": "redis://127.0.0.1:1", **_settings(), **wrong}
    process, _ = gateway("127.0.0.1:1", str(settings.pop("redis_url")), folder, **settings)
    process.start(wait=False)
    with _killed_in_the_end(process):
        assert process.popen is not None
        assert process.popen.wait(20) == 2
    log = process.log.read_text()
    assert "OVATION_" in log
    assert not [secret for secret in (*FIXED, "short-secret") if secret in log]
