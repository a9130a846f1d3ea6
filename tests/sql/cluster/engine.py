"""An engine that is a cluster of itself, with what it cannot do left out of `sql/cluster`.

One process is every shard. With one shard it is a cluster of one server. With two it is asked twice for one table, and
a sum over both is twice as large as it should be: so a right answer shows that only one was asked.

`ON CLUSTER` needs a queue in Keeper, and a replicated table Keeper itself; neither is in the embedded engine.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ovation.cluster_sql import ON_CLUSTER, REPLICATED, TARGET
from ovation.migrations import migrate
from tests.sql.server import Server, running

CLUSTER = "ovation"
PORT = 9000
"""Nobody listens there. It is how a server recognises itself."""

_SHARD = f"<shard><replica><host>127.0.0.1</host><port>{PORT}</port></replica></shard>"


def configuration(shards: int) -> str:
    servers = f"<{CLUSTER}>{_SHARD * shards}</{CLUSTER}>"
    macros = f"<macros><cluster>{CLUSTER}</cluster><shard>1</shard><replica>1</replica></macros>"
    return f"<clickhouse><tcp_port>{PORT}</tcp_port><remote_servers>{servers}</remote_servers>{macros}</clickhouse>"


def files_for_one_server(folder: Path) -> Path:
    """Copy `sql/cluster` without what needs Keeper."""
    copies = Path(shutil.copytree(TARGET, folder / "migrations"))
    for path in copies.iterdir():
        text = path.read_text()
        assert ON_CLUSTER in text
        path.write_text(text.replace(f" {ON_CLUSTER}", "").replace(REPLICATED, "ReplacingMergeTree("))
    return copies


@contextmanager
def cluster(folder: Path, shards: int) -> Iterator[tuple[Server, Path]]:
    """Run such an engine with all migrations applied; also yield the folder of those."""
    config = folder / "config.xml"
    config.write_text(configuration(shards))
    migrations = files_for_one_server(folder)
    with running(folder / "data", config) as server:
        migrate(server.url, "default", "", migrations, lambda _: None)
        yield server, migrations
