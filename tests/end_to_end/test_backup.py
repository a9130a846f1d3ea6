"""Everything that docs/operations.md backs up is lost and restored, while a crowd goes on tapping and voting."""

import asyncio
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from local.stack import Stack
from ovation.addresses import Addresses
from ovation.audience.crowd import Crowd
from ovation.clickhouse import connect
from ovation.deployments import DEPLOYMENTS, Deployment
from ovation.submit import stop_all, submit
from tests.end_to_end import load


def back_up(addresses: Addresses, elsewhere: Path) -> dict[str, Path]:
    """Stop the jobs behind savepoints, copy these, and back the history up; return the copies by deployment."""
    copies = {}
    for name, path in stop_all(addresses).items():
        source = Path(path.removeprefix("file:"))
        copies[name] = elsewhere / source.parent.name / source.name
        shutil.copytree(source, copies[name])
    client = connect(addresses.clickhouse_url, "default", "")
    client.command("BACKUP DATABASE ovation TO File('end-to-end')")
    client.close()
    return copies


def lose(stack: Stack, addresses: Addresses) -> None:
    """Delete the history, and all of Flink's state."""
    client = connect(addresses.clickhouse_url, "default", "")
    client.command("DROP DATABASE ovation SYNC")
    client.close()
    for folder in ("checkpoints", "savepoints"):
        for each in (stack.settings.data_dir / "flink" / folder).iterdir():
            shutil.rmtree(each)


def restore(addresses: Addresses, copies: dict[str, Path]) -> None:
    """Restore the history first: the jobs go on from before it, and write again what is newer."""
    client = connect(addresses.clickhouse_url, "default", "")
    client.command("RESTORE DATABASE ovation FROM File('end-to-end')")
    client.close()

    def start(deployment: Deployment) -> None:
        submit(addresses, deployments=[deployment], start_from=copies[deployment.name].as_uri())

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(start, DEPLOYMENTS))


async def test_what_was_lost_is_restored(stack: Stack, addresses: Addresses, tmp_path: Path) -> None:
    async def meanwhile(crowd: Crowd) -> None:
        await load.tapped_for(crowd, 3)
        copies = await asyncio.to_thread(back_up, addresses, tmp_path)
        await asyncio.to_thread(lose, stack, addresses)
        await asyncio.to_thread(restore, addresses, copies)

    done = await load.run(addresses, "restored", load.UNTIL_DONE, meanwhile)
    assert done.taps.acknowledged == done.taps.sent
    assert done.votes.acknowledged == load.VOTES_UNTIL_DONE
