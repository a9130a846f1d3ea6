"""What one gateway writes every gateway knows, also one that starts later."""

import asyncio
from pathlib import Path

import aiohttp

from tests.gateway import kafka_log
from tests.gateway.api import Api
from tests.gateway.processes import gateway


async def test_streams_and_polls_are_known_everywhere(
    api: Api, bootstrap: str, redis_url: str, session: aiohttp.ClientSession, folder: Path
) -> None:
    stream = await api.stream(title="Before")
    poll = await api.poll(stream, open=False)
    process, url = gateway(bootstrap, redis_url, folder)
    process.start()
    other = Api(session, url)
    try:
        assert (await other.call("GET", f"/v1/streams/{stream}")).body["title"] == "Before"
        assert (await other.call("GET", f"/v1/streams/{stream}/polls/{poll}")).body["status"] == "draft"
        assert (await other.call("POST", f"/v1/streams/{stream}/polls/{poll}/open")).status == 200
        token = await api.token(stream)
        async with asyncio.timeout(20):
            while (answer := await api.vote(stream, poll, token, ["1"])).status != 202:
                assert answer.problem == "poll-not-open"
        assert (await other.vote(stream, poll, token, ["1"])).status == 202
        votes = await asyncio.to_thread(kafka_log.votes, bootstrap, stream)
        assert len({vote["voter"] for vote in votes}) == 1
        assert len({vote["receipt"] for vote in votes}) == 2
        new = await other.stream()
        await api.until_known(new)
    finally:
        process.stop()


async def test_the_records_of_a_poll_are_keyed_and_whole(api: Api, bootstrap: str) -> None:
    stream = await api.stream()
    poll = await api.poll(stream, open=False, closes_in_s=60)
    await api.call("POST", f"/v1/streams/{stream}/polls/{poll}/open")
    await api.call("POST", f"/v1/streams/{stream}/polls/{poll}/open")
    await api.call("POST", f"/v1/streams/{stream}/end")
    written = await asyncio.to_thread(kafka_log.keyed_records, bootstrap, "control", stream)
    assert [(key, value["status"]) for key, value in written] == [
        (f"stream:{stream}".encode(), "live"),
        (f"poll:{stream}:{poll}".encode(), "draft"),
        (f"poll:{stream}:{poll}".encode(), "open"),
        (f"poll:{stream}:{poll}".encode(), "closed"),
        (f"stream:{stream}".encode(), "ended"),
    ]
    opened = written[2][1]
    assert opened["closes_at"] == opened["opened_at"] + 60_000
