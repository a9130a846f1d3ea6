from tests.gateway.api import Api


async def test_alive_and_ready(api: Api) -> None:
    assert (await api.call("GET", "/livez", token=None)).status == 200
    ready = await api.call("GET", "/readyz", token=None)
    assert ready.body == {
        "status": "ready",
        "down": [],
        "parts": {"kafka": "up", "control": "up", "redis": "up"},
    }


async def test_metrics_count_what_was_done(api: Api) -> None:
    stream = await api.stream()
    token = await api.token(stream)

    async def value(name: str) -> float:
        text = (await api.call("GET", "/metrics", token=None)).body
        return float(next(line for line in text.splitlines() if line.startswith(name + " ")).split()[1])

    taps, refused = "ovation_gateway_taps_total", 'ovation_gateway_refused_total{problem="zero-count"}'
    assert (await api.react(stream, token, {"🔥": 0})).status == 422
    before = (await value(taps), await value(refused))
    await api.react(stream, token, {"🔥": 3, "👏": 2})
    await api.react(stream, token, {"🔥": 0})
    assert (await value(taps), await value(refused)) == (before[0] + 5, before[1] + 1)
