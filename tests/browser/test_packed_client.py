"""The client as it is published: one file, on a page of somebody else. `make client` packs it and runs this."""

import asyncio
import os
import socket as sockets
import tarfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import uvicorn
from playwright.async_api import Page, expect
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from tests.browser import messages
from tests.browser.stand_in import VIEWER, StandIn

PACKED = os.environ.get("PACKED_CLIENT")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.skipif(PACKED is None, reason="run by make client, which needs Node"),
]

PAGE = """
<!doctype html><title>Somebody else's page</title>
<script type="module">
  import { connect } from "/ovation.js";
  window.start = (url, token) => {
    const live = connect({ stream: "finale", token, urls: ["http://127.0.0.1:9", url] });
    const show = () => (document.body.dataset.seen = JSON.stringify({
      state: live.state, totals: [...live.picture.totals], vote: live.votes.get("goal")?.state,
    }));
    live.on("state", show);
    live.on("picture", show);
    live.on("vote", show);
    window.live = live;
  };
</script>
<body></body>
"""


@asynccontextmanager
async def somebody_else() -> AsyncIterator[str]:
    """Serve a page with the packed client from an origin of its own."""
    assert PACKED is not None
    with tarfile.open(Path(PACKED)) as package:
        file = package.extractfile("package/ovation.js")
        assert file is not None
        script = file.read()

    async def page(_: Request) -> Response:
        return HTMLResponse(PAGE)

    async def client(_: Request) -> Response:
        return Response(script, media_type="text/javascript")

    app = Starlette(routes=[Route("/", page), Route("/ovation.js", client)])
    server = uvicorn.Server(uvicorn.Config(app, lifespan="off", log_config=None))
    with sockets.create_server(("127.0.0.1", 0)) as listener:
        running = asyncio.create_task(server.serve(sockets=[listener]))
        yield f"http://localhost:{listener.getsockname()[1]}"
        server.should_exit = True
        await running


async def test_watches_taps_and_votes_from_another_origin(page: Page, stand_in: StandIn) -> None:
    stand_in.snapshot = messages.snapshot({"🔥": 7}, [messages.poll()])
    async with somebody_else() as origin:
        await page.goto(origin)
        # The first of its gateways is not there.
        await page.evaluate("([url, token]) => start(url, token)", [stand_in.url, VIEWER])
        body = page.locator("body")
        await expect(body).to_have_attribute("data-seen", '{"state":"live","totals":[["🔥",7]]}')
        await page.evaluate("live.tap('🔥', 3); live.vote('goal', ['2'])")
        await expect(body).to_have_attribute("data-seen", '{"state":"live","totals":[["🔥",7]],"vote":"counted"}')
        await stand_in.until(stand_in.taps)
    assert stand_in.taps() == {"🔥": 3}
    assert [vote["choices"] for vote in stand_in.votes()] == [["2"]]
