"""One run: a crowd in two regions, one of which is lost in the middle of a poll, and comes back."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from random import Random

from ovation.chaos.region.judging import screens_broken, taps_broken, votes_broken
from ovation.chaos.region.trial import RegionTrial
from ovation.chaos.region.viewer import EMOJI, Viewer
from ovation.chaos.region.world import KEPT, LOST, World
from ovation.client import CallError
from ovation.client.gateway import GatewayClient

VIEWERS = 40
IN_BOTH = 6
"""Voters who vote in both regions within a moment, each time for another option."""
OPTIONS = ("Ana", "Bo", "Cy")
BEFORE_S = (5.0, 9.0)
AFTER_S = (8.0, 14.0)
"""How long the crowd goes on before a region is lost, and after."""
MIRRORED_S = 30.0
AGREED_S = 180.0
AGAIN_S = 30.0
"""How long the viewers of a lost region may be without one."""
STEADY_S = 1.5
ASK_EVERY_S = 0.1


async def attempt(world: World, seed: int) -> RegionTrial:
    """Run once. Raises CallError or OvationError where it could not be looked at."""
    random = Random(seed)  # noqa: S311 - a crowd guards nothing
    stream_id = f"lost-{seed}-{int(time.time())}"
    async with AsyncExitStack() as stack:
        ask = {
            region: await stack.enter_async_context(GatewayClient(url, world.api_key))
            for region, url in world.urls.items()
        }
        await ask[KEPT].open_stream("A region is lost", [EMOJI], stream_id)
        poll_id = (await ask[KEPT].open_poll(stream_id, "Who?", OPTIONS)).poll_id
        await _until(lambda: _knows(ask[LOST], stream_id, poll_id), MIRRORED_S, "The mirror brings no poll")
        return await _Run(world, ask, stream_id, poll_id, random, seed).go()


class _Run:
    def __init__(
        self, world: World, ask: dict[str, GatewayClient], stream_id: str, poll_id: str, random: Random, seed: int
    ) -> None:
        self._world, self._ask, self._ids, self._random, self._seed = world, ask, (stream_id, poll_id), random, seed
        self._viewers = [
            Viewer(f"v{number}", (KEPT, LOST)[number % 2], str(random.randint(1, len(OPTIONS))))
            for number in range(VIEWERS)
        ]
        self._twice: list[set[str]] = []
        self._broken: list[str] = []

    async def go(self) -> RegionTrial:
        before_s, after_s = self._random.uniform(*BEFORE_S), self._random.uniform(*AFTER_S)
        ends = asyncio.Event()
        async with asyncio.TaskGroup() as crowd:
            for viewer in self._viewers:
                token = await self._ask[viewer.region].token(self._ids[0], viewer.name)
                votes_after_s = self._random.uniform(1, before_s + after_s)
                url = self._world.urls[viewer.region]
                crowd.create_task(
                    viewer.watch(*self._ids, token, url, votes_after_s, ends, self._random.getrandbits(32))
                )
            await asyncio.sleep(before_s / 2)
            await self._vote_in_both()
            await asyncio.sleep(before_s / 2)
            lost_at = time.monotonic()
            await asyncio.to_thread(self._world.lose)
            await asyncio.sleep(after_s)
            ends.set()
        await self._close_without_it()
        without = await self._settled()
        await asyncio.to_thread(self._world.bring_back)
        back_at = time.monotonic()
        agreed_s = await self._agree(back_at)
        await self._judge()
        came_back = [now - then for now, then in zip(await self._settled(), without, strict=True)]
        return self._trial(lost_at, back_at, agreed_s, *came_back)

    async def _vote_in_both(self) -> None:
        """Let some vote in both regions at the same moment, for different options: one of the two counts."""
        for number in range(IN_BOTH):
            name, choices = f"both-{number}", self._random.sample([str(1 + place) for place in range(len(OPTIONS))], 2)
            tokens = {region: await self._ask[region].token(self._ids[0], name) for region in (KEPT, LOST)}
            await asyncio.gather(
                *(
                    self._ask[region].vote(self._ids[0], tokens[region], self._ids[1], [choice])
                    for region, choice in zip((KEPT, LOST), choices, strict=True)
                )
            )
            self._twice.append(set(choices))

    async def _settled(self) -> tuple[int, int]:
        """Return the votes and taps that the kept region shows, once they move no more."""
        shown = (-1, -1)
        while (now := await self._shown()) != shown:
            shown = now
            await asyncio.sleep(STEADY_S)
        return shown

    async def _shown(self) -> tuple[int, int]:
        poll, live = await self._ask[KEPT].poll(*self._ids), await self._ask[KEPT].live(self._ids[0])
        return poll.received or 0, live["reactions"]["totals"].get(EMOJI, 0)

    async def _close_without_it(self) -> None:
        """Close the poll, and expect that it is not final, and says which region it waits for."""
        await self._ask[KEPT].step(*self._ids, "close")
        poll = await self._ask[KEPT].poll(*self._ids)
        if poll.is_final or LOST not in poll.missing_regions:
            self._broken.append(f"a closed poll without {LOST} is final, or does not say what it waits for: {poll}")

    async def _agree(self, back_at: float) -> float | None:
        """Return how long it took until both regions had one final result, None where they have not."""
        try:
            for region in (KEPT, LOST):
                await _until(lambda region=region: self._is_final(region), AGREED_S, f"{region} has no final result")  # type: ignore[misc]
        except TimeoutError as error:
            self._broken.append(str(error))
            return None
        return time.monotonic() - back_at

    async def _is_final(self, region: str) -> bool:
        poll = await self._ask[region].poll(*self._ids)
        if poll.is_final and poll.missing_regions:
            self._broken.append(f"a final poll misses {poll.missing_regions}")
        return poll.is_final

    async def _judge(self) -> None:
        polls = {region: await gateway.poll(*self._ids) for region, gateway in self._ask.items()}
        if polls[KEPT] != polls[LOST]:
            self._broken.append(f"the regions differ: {polls}")
        self._broken += votes_broken(polls[KEPT], self._viewers, self._twice)
        for region, gateway in self._ask.items():
            shown = (await gateway.live(self._ids[0]))["reactions"]["totals"].get(EMOJI, 0)
            self._broken += taps_broken(region, shown, self._viewers)
        self._broken += screens_broken(self._viewers, self._twice)

    def _trial(
        self, lost_at: float, back_at: float, agreed_s: float | None, unseen_votes: int, unseen_taps: int
    ) -> RegionTrial:
        moved = [viewer for viewer in self._viewers if viewer.region == LOST]
        live_s = [viewer.live_again_s(lost_at) for viewer in moved]
        voted_s = [viewer.voted_at - lost_at for viewer in moved if viewer.voted_at and viewer.voted_at > lost_at]
        if max(live_s) > AGAIN_S:
            self._broken.append(f"viewers were without numbers for {max(live_s):.1f} s, of {AGAIN_S:.0f} allowed")
        return RegionTrial(
            seed=self._seed,
            viewers=VIEWERS,
            votes=sum(viewer.voted_at is not None for viewer in self._viewers) + 2 * IN_BOTH,
            twice=IN_BOTH,
            taps=sum(viewer.counted for viewer in self._viewers),
            in_doubt=sum(viewer.in_doubt for viewer in self._viewers),
            away_s=back_at - lost_at,
            live_again_s=max(live_s),
            voting_again_s=min(voted_s, default=None),
            unseen_votes=unseen_votes,
            unseen_taps=unseen_taps,
            agreed_s=agreed_s,
            broken=self._broken,
        )


async def _knows(gateway: GatewayClient, stream_id: str, poll_id: str) -> bool:
    try:
        await gateway.poll(stream_id, poll_id)
    except CallError:
        return False
    return True


async def _until(holds: Callable[[], Awaitable[bool]], within_s: float, what: str) -> None:
    """Return once it holds. Raises TimeoutError."""
    deadline = time.monotonic() + within_s
    while not await holds():
        if time.monotonic() > deadline:
            raise TimeoutError(f"{what} after {within_s:.0f} s")
        await asyncio.sleep(ASK_EVERY_S)
