"""Nothing that the running cluster shows or keeps has a secret of the stack in it, or a viewer."""

import time
from collections.abc import Iterator
from dataclasses import astuple

import aiohttp
import pytest
from pydantic import SecretStr

from local.secrets import load_or_create
from local.stack import Stack
from ovation.addresses import Addresses
from ovation.deployments import DEPLOYMENTS
from ovation.flink_api import Flink, Job
from ovation.flink_waits import wait_until_running
from tests.flink_shows import MUST, Shown, files_with_any
from tests.gateway.api import Api

VIEWER = "viewer-whom-no-job-knows"
STREAM = "secrets-are-kept"
DEADLINE_S = 120.0


@pytest.fixture
def jobs(flink: Flink) -> list[Job]:
    return [wait_until_running(flink, deployment.name) for deployment in DEPLOYMENTS]


async def _tap_and_vote(addresses: Addresses) -> str:
    """Return the token of the viewer who does."""
    key = addresses.api_key.get_secret_value()
    async with aiohttp.ClientSession(headers={"authorization": f"Bearer {key}"}) as session:
        api = Api(session, addresses.gateway_url)
        made = await api.call("POST", "/v1/streams", {"stream_id": STREAM, "title": "S", "emojis": ["🔥"]}, None)
        assert made.status == 201, made
        path = f"/v1/streams/{STREAM}"
        poll = {"question": "Who?", "options": ["Ana", "Bo"], "open": True}
        poll_id = (await api.call("POST", f"{path}/polls", poll, None)).body["poll_id"]
        token = (await api.call("POST", f"{path}/tokens", {"viewer_id": VIEWER, "role": "viewer"}, None)).body["token"]
        assert (await api.react(STREAM, token, {"🔥": 1})).status == 202
        assert (await api.vote(STREAM, poll_id, token, ["1"])).status == 202
        return str(token)


def _two_more_checkpoints(flink: Flink, jobs: list[Job]) -> None:
    """Return when every job has completed a checkpoint that began after now."""
    done = {job.name: flink.checkpoints(job)["counts"]["completed"] for job in jobs}
    deadline = time.monotonic() + DEADLINE_S
    while left := [job.name for job in jobs if flink.checkpoints(job)["counts"]["completed"] < done[job.name] + 2]:
        assert time.monotonic() < deadline, left
        time.sleep(0.5)


async def test_no_secret_is_in_what_flink_shows_and_keeps(
    stack: Stack, addresses: Addresses, flink: Flink, jobs: list[Job]
) -> None:
    token = await _tap_and_vote(addresses)
    _two_more_checkpoints(flink, jobs)
    secrets = {secret.get_secret_value() for secret in _secrets(stack)} | {token, VIEWER}
    shown = Shown(flink.url)
    assert shown.with_any(secrets) == []
    for path in MUST:
        assert any(path in each for each in shown.answers), f"{path} was not answered"
    assert len(shown.with_any({DEPLOYMENTS[0].name})) > 1, "what is there would be found"

    flinks = stack.settings.data_dir / "flink"
    for folder in (flinks, stack.settings.paths.logs):
        found, looked = files_with_any(secrets, folder)
        assert found == [] and looked > 1, folder
    for place in ("checkpoints", "recovery"):
        assert files_with_any({DEPLOYMENTS[0].job, STREAM}, flinks / place)[0], f"what is in {place} would be found"


def _secrets(stack: Stack) -> Iterator[SecretStr]:
    yield from astuple(load_or_create(stack.settings.data_dir))
