"""Taps and votes by every clock: the wall's second, minute and hour, and the video's; and who tapped."""

import asyncio
from contextlib import closing
from typing import Any

import clickhouse_connect

from gateway.history import queries
from ovation.addresses import Addresses
from ovation.client.gateway import GatewayClient

STREAM = "clocks"
VIEWERS = 40
TAPS = 3
GOAL_MS = 90_500
HISTORY_S = 60


async def crowd(addresses: Addresses, url: str) -> None:
    """Every viewer taps at the goal and votes a second later, wherever the wall clock is; every other one says so."""
    async with GatewayClient(url, addresses.api_key.get_secret_value()) as gate:
        await gate.open_stream("Clocks", ["🔥", "👏"], STREAM)
        poll = await gate.open_poll(STREAM, "Goal?", ["yes", "no"], {"poll_id": "goal"})
        for viewer in range(VIEWERS):
            token = await gate.token(STREAM, f"viewer-{viewer}")
            position = GOAL_MS if viewer % 2 else None
            await gate.react(STREAM, token, {"🔥": TAPS}, position)
            await gate.react(STREAM, token, {"👏": 1})
            late_ms = None if position is None else position + 1_000
            await gate.vote(STREAM, token, "goal", [poll.options[0].id], playback_ms=late_ms)
        await gate.step(STREAM, "goal", "close")


def told(client: Any) -> dict[str, Any]:
    def one(text: str) -> Any:
        return client.query(text.replace("OURS", f"stream_id = '{STREAM}'")).result_rows

    views = ("reactions", "reactions_by_minute", "reactions_by_hour")
    sums = {
        view: one(f"SELECT emoji, sum(reactions) FROM ovation.{view} WHERE OURS GROUP BY 1 ORDER BY 2")
        for view in views
    }
    span = {"stream_id": STREAM, "since": "2020-01-01 00:00:00", "until": "2100-01-01 00:00:00"}
    return {
        **sums,
        "video": one("SELECT playback_ms, emoji, sum(reactions) FROM ovation.video_reactions WHERE OURS GROUP BY ALL"),
        "reactors": client.query(queries.named("unique_reactors"), parameters=span).result_rows,
        "votes": one("SELECT playback_ms, count() FROM ovation.votes WHERE OURS GROUP BY 1 ORDER BY 1"),
    }


async def test_the_history_has_them_all(addresses: Addresses) -> None:
    await crowd(addresses, addresses.gateway_url)
    half = VIEWERS // 2
    sums = [("👏", VIEWERS), ("🔥", VIEWERS * TAPS)]
    expected = {
        "reactions": sums,
        "reactions_by_minute": sums,
        "reactions_by_hour": sums,
        "video": [(GOAL_MS // 1000 * 1000, "🔥", half * TAPS)],
        "reactors": [(VIEWERS, VIEWERS, 0)],
        "votes": [(GOAL_MS + 1_000, half), (None, VIEWERS - half)],
    }
    with closing(clickhouse_connect.get_client(dsn=addresses.clickhouse_url, autogenerate_session_id=False)) as client:
        found: dict[str, Any] = {}
        try:
            async with asyncio.timeout(HISTORY_S):
                while found != expected:
                    await asyncio.sleep(0.2)
                    found = await asyncio.to_thread(told, client)
        except TimeoutError:
            assert found == expected
