"""One id names a request in the answer, in the problem and in the log, whichever way the request takes."""

import json
import logging
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import structlog

from gateway import log as gateway_log
from gateway.request_id import HEADER, RequestIds, add_to_log, current, id_of
from tests.gateway.api import Answer, Api
from tests.gateway.processes import gateway

REACTIONS = "/v1/streams/{stream}/reactions"


def test_a_well_formed_id_is_taken() -> None:
    assert id_of([(b"host", b"x"), (b"x-request-id", b"3f2a-9b/edge:1=")]) == "3f2a-9b/edge:1="


@pytest.mark.parametrize("sent", [b"", b"a b", b'a"b', b"\xff", b"x" * 129, b"a\r\nb"])
def test_any_other_is_replaced(sent: bytes) -> None:
    made = [id_of([(b"x-request-id", sent)]) for _ in range(2)]
    assert len(made[0]) == 32
    assert made[0] != made[1]


def said(answer: Answer) -> str:
    assert answer.body["request_id"] == answer.headers[HEADER]
    return answer.headers[HEADER]


@pytest.mark.parametrize(
    ("method", "path", "options"),
    [
        pytest.param("POST", REACTIONS, {"body": {"counts": {"🦄": 1}}}, id="the crowd's way"),
        pytest.param("GET", "/v1/streams/none", {}, id="the usual way"),
        pytest.param("GET", "/nothing-here", {}, id="no route"),
        pytest.param("DELETE", "/v1/streams", {}, id="no such method"),
    ],
)
async def test_a_problem_says_it(api: Api, method: str, path: str, options: dict[str, Any]) -> None:
    path = path.format(stream=await api.stream())
    answer = await api.call(method, path, headers={HEADER: "mine-1"}, **options)
    assert answer.status >= 400
    assert said(answer) == "mine-1"
    made = {said(await api.call(method, path, **options)) for _ in range(2)}
    assert len(made) == 2


async def test_an_answer_without_a_problem_says_it(api: Api) -> None:
    answer = await api.call("POST", "/v1/streams", {"title": "T", "emojis": ["🔥"]}, headers={HEADER: "mine-2"})
    assert (answer.status, answer.headers[HEADER]) == (201, "mine-2")


async def test_a_socket_says_it(api: Api) -> None:
    stream = await api.stream()
    headers = {"authorization": f"Bearer {await api.token(stream)}", HEADER: "mine-3"}
    async with aiohttp.ClientSession() as session:
        socket = await session.ws_connect(f"{api.url}/v1/streams/{stream}/ws", headers=headers)
        assert socket._response.headers[HEADER] == "mine-3"
        await socket.close()


async def test_the_log_has_it(bootstrap: str, redis_url: str, folder: Path, session: aiohttp.ClientSession) -> None:
    process, url = gateway(bootstrap, redis_url, folder, log_requests="true")
    process.start()
    try:
        await Api(session, url).call("GET", "/v1/streams/none?secret=1", headers={HEADER: "mine-5"})
    finally:
        assert process.stop() == 0
    [line] = [each for each in map(json.loads, process.log.read_text().splitlines()) if "request_id" in each]
    assert line.pop("ms") < 1000
    assert (
        line.items()
        >= {
            "event": "answered",
            "request_id": "mine-5",
            "method": "GET",
            "route": "/v1/streams/{stream}",
            "stream_id": "none",
            "status": 404,
        }.items()
    )
    assert "secret" not in process.log.read_text()


def written(form: gateway_log.Format, capsys: pytest.CaptureFixture[str]) -> str:
    gateway_log.configure(form)
    try:
        secret = "hunter2"
        raise ValueError("it broke")
    except ValueError:
        structlog.get_logger("here").exception("failed", path="/x", of=len(secret))
    finally:
        logging.basicConfig(handlers=[], force=True)
    return capsys.readouterr().err


def test_a_line_is_json_and_shows_no_variable(capsys: pytest.CaptureFixture[str]) -> None:
    line = json.loads(written("json", capsys))
    assert (line["event"], line["level"], line["path"]) == ("failed", "error", "/x")
    assert line["exception"][0]["exc_value"] == "it broke"
    assert "hunter2" not in json.dumps(line)


def test_a_line_may_be_text(capsys: pytest.CaptureFixture[str]) -> None:
    text = written("text", capsys)
    assert "failed" in text.splitlines()[0]
    assert "ValueError: it broke" in text
    assert "hunter2" not in text
    assert "\x1b" not in text


async def test_what_a_request_does_is_logged_with_its_id() -> None:
    seen: list[Any] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        seen.append((current(), add_to_log(None, "info", {"event": "done"})))

    nothing: Any = None
    await RequestIds(app)({"type": "http", "headers": [(b"x-request-id", b"mine-4")]}, nothing, nothing)
    assert seen == [("mine-4", {"event": "done", "request_id": "mine-4"})]
    assert current() is None
    assert add_to_log(None, "info", {"event": "done"}) == {"event": "done"}
