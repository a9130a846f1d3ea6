"""Two regions through Kafka's mirror: one counts the world, the other takes votes and taps, and is lost.

Here the second has no jobs and neither has a history, so that it does not take long. `ovation chaos --lose-region` does
it with two whole regions.
"""

from asyncio import sleep, wait_for
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from time import monotonic

import pytest

from local import mirror
from local.parts import processes_of
from local.regions import settings_of, share_secrets
from ovation.bring_up import bring_up
from ovation.chaos.region.world import KEPT, LOST, World
from ovation.client import CallError, ProblemError, connect
from ovation.client.gateway import GatewayClient
from ovation.deployments import DEPLOYMENTS
from ovation.embedded import addresses_of
from ovation.submit import submit
from ovation.take_down import take_down

SOON_S = 30.0


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    settings = settings_of([KEPT, LOST], tmp_path_factory.mktemp("regions"), ephemeral_ports=True)
    share_secrets(settings)
    world = World([each.model_copy(update={"kafka_heap_mb": 256}) for each in settings])
    eu, us = world.stacks[KEPT], world.stacks[LOST]
    try:
        bring_up(us, [*processes_of(["kafka", "redis", "gateway"]), mirror.NAME], jobs=False)
        bring_up(eu, [*processes_of(["kafka", "redis", "flink", "gateway"]), mirror.NAME], jobs=False)
        live = [each for each in DEPLOYMENTS if each.sink == "redis"]
        submit(addresses_of(eu.settings), deployments=live, report=lambda _: None)
        yield world
    finally:
        for stack in world.stacks.values():
            take_down(stack)


@pytest.fixture
async def ask(world: World) -> AsyncIterator[dict[str, GatewayClient]]:
    async with AsyncExitStack() as stack:
        clients = {region: GatewayClient(url, world.api_key) for region, url in world.urls.items()}
        yield {region: await stack.enter_async_context(client) for region, client in clients.items()}


async def until(holds: Callable[[], Awaitable[bool]], what: str) -> None:
    deadline = monotonic() + SOON_S
    while True:
        try:
            if await holds():
                return
        except CallError:
            pass
        assert monotonic() < deadline, what
        await sleep(0.05)


async def both_know(ask: dict[str, GatewayClient], home: str) -> tuple[str, str]:
    """Open a stream and a poll in `home`, and return their ids once the other region knows them."""
    stream_id = await ask[home].open_stream("Regions", ["🔥"])
    poll_id = (await ask[home].open_poll(stream_id, "Who?", ["Ana", "Bo"])).poll_id
    (other,) = ask.keys() - {home}

    async def is_known() -> bool:
        return bool((await ask[other].poll(stream_id, poll_id)).poll_id)

    await until(is_known, "the mirror brings no poll")
    return stream_id, poll_id


async def test_taps_of_both_add_up_and_a_voter_of_both_has_one_ballot(ask: dict[str, GatewayClient]) -> None:
    stream_id, poll_id = await both_know(ask, KEPT)
    tokens = {name: await ask[KEPT].token(stream_id, name) for name in ("ana", "bo")}
    await ask[KEPT].react(stream_id, tokens["ana"], {"🔥": 3})
    await ask[LOST].react(stream_id, tokens["ana"], {"🔥": 4})
    await ask[KEPT].vote(stream_id, tokens["ana"], poll_id, ["1"])
    await ask[LOST].vote(stream_id, tokens["ana"], poll_id, ["2"])
    await ask[LOST].vote(stream_id, tokens["bo"], poll_id, ["2"])

    async def is_whole() -> bool:
        live, poll = await ask[KEPT].live(stream_id), await ask[KEPT].poll(stream_id, poll_id)
        return live["reactions"]["totals"] == {"🔥": 7} and poll.received == 3

    await until(is_whole, "the world is not counted")
    poll = await ask[KEPT].poll(stream_id, poll_id)
    assert [option.votes for option in poll.options] == [1, 1]
    assert (poll.voters, poll.duplicate) == (2, 1)
    [shown] = (await ask[KEPT].live(stream_id))["polls"]
    assert shown["received_in"] == {KEPT: 1, LOST: 2}


async def test_one_region_alone_changes_a_stream(ask: dict[str, GatewayClient]) -> None:
    stream_id, poll_id = await both_know(ask, LOST)
    with pytest.raises(ProblemError) as refused:
        await ask[KEPT].step(stream_id, poll_id, "close")
    assert (refused.value.status, refused.value.name) == (421, "other-region")
    assert (await ask[LOST].step(stream_id, poll_id, "pause")).status == "paused"

    async def is_paused() -> bool:
        return (await ask[KEPT].poll(stream_id, poll_id)).status == "paused"

    await until(is_paused, "the change does not come here")


async def test_viewers_of_a_lost_region_go_on_and_a_result_waits_for_it(
    world: World, ask: dict[str, GatewayClient]
) -> None:
    stream_id, poll_id = await both_know(ask, LOST)
    token = await ask[LOST].token(stream_id, "ana")
    async with connect(stream_id, token, urls=[world.urls[LOST]]) as viewer:
        await viewer.ready()
        await viewer.react({"🔥": 2})

        async def is_mirrored() -> bool:
            return (await ask[KEPT].live(stream_id))["reactions"]["totals"] == {"🔥": 2}

        await until(is_mirrored, "taps of the region are not here")
        world.lose()
        vote = await wait_for(viewer.vote(poll_id, ["2"]), SOON_S)
        assert vote.state == "counted"

    await ask[KEPT].move_stream(stream_id)
    closed = await ask[KEPT].step(stream_id, poll_id, "close")
    assert closed.status == "closed"
    poll = await ask[KEPT].poll(stream_id, poll_id)
    assert not poll.is_final
    assert LOST in poll.missing_regions
