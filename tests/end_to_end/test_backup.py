"""Everything that docs/operations.md backs up is lost and restored, while a crowd goes on tapping and voting."""

import asyncio
import shutil
from pathlib import Path

from local.stack import Stack
from ovation.addresses import Addresses
from ovation.audience.crowd import Crowd
from ovation.clickhouse import connect
from ovation.submit import stop_all, submit
from tests.end_to_end import load


def back_up(addresses: Addresses, elsewhere: Path) -> None:
    """Stop the jobs behind savepoints, copy these, and back the history up."""
    for path in stop_all(addresses).values():
        source = Path(path.removeprefix("file:"))
        shutil.copytree(source, elsewhere / source.parent.name / source.name)
    client = connect(addresses.clickhouse_url, "default", "")
    client.command("BACKUP DATABASE ovation TO File('end-to-end')")
    client.close()


def lose(stack: Stack, addresses: Addresses) -> None:
    """Delete the history, and all of Flink's state."""
    client = connect(addresses.clickhouse_url, "default", "")
    client.command("DROP DATABASE ovation SYNC")
    client.close()
    for folder in ("checkpoints", "savepoints"):
        for each in (stack.settings.data_dir / "flink" / folder).iterdir():
            shutil.rmtree(each)


def restore(addresses: Addresses, copies: Path) -> None:
    """Restore the history first: the jobs go on from before it, and write again what is newer."""
    client = connect(addresses.clickhouse_url, "default", "")
    client.command("RESTORE DATABASE ovation FROM File('end-to-end')")
    client.close()
    submit(addresses, start_from=copies.as_uri())


async def test_what_was_lost_is_restored(stack: Stack, addresses: Addresses, tmp_path: Path) -> None:
    async def meanwhile(crowd: Crowd) -> None:
        await load.tapped_for(crowd, 3)
        await asyncio.to_thread(back_up, addresses, tmp_path)
        await asyncio.to_thread(lose, stack, addresses)
        await asyncio.to_thread(restore, addresses, tmp_path)

    done = await load.run(addresses, "restored", load.UNTIL_DONE, meanwhile)
    assert done.taps.acknowledged == done.taps.sent
    assert done.votes.acknowledged == load.VOTES_UNTIL_DONE
