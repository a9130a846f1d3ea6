import asyncio

from ovation.addresses import Addresses
from ovation.audience.crowd import Crowd
from ovation.deployments import DEPLOYMENTS
from ovation.submit import stop_all, submit
from tests.end_to_end import load


async def test_jobs_stopped_behind_a_savepoint_go_on_where_they_were(addresses: Addresses) -> None:
    savepoints: dict[str, str] = {}
    started: list[str] = []

    async def meanwhile(crowd: Crowd) -> None:
        await load.tapped_for(crowd, 3)
        savepoints.update(await asyncio.to_thread(stop_all, addresses))
        await asyncio.to_thread(submit, addresses, report=started.append)

    done = await load.run(addresses, "savepoint", load.UNTIL_DONE, meanwhile)
    assert savepoints.keys() == {deployment.name for deployment in DEPLOYMENTS}
    for name, path in savepoints.items():
        assert any(line.startswith(name) and path.removeprefix("file:").lstrip("/") in line for line in started)
    assert done.taps.acknowledged == done.taps.sent
    assert done.votes.acknowledged == load.VOTES
