"""Three real masters of Redis that are a cluster, and what a test may do to them."""

import shutil
import signal
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import redis

from contracts.redis_cluster.slots import slot_of
from contracts.redis_cluster.sync import connect
from contracts.redis_cluster.sync_cluster import ClusterRedis
from contracts.redis_cluster.urls import Address
from local import ready, redis_cluster
from local import redis as server
from local.ports import free_ports
from local.settings import StackSettings, read_settings
from tests.gateway.processes import Process, running, until


class Cluster:
    """The masters by their addresses. `client` asks them all."""

    def __init__(self, settings: StackSettings, processes: list[Process], client: ClusterRedis) -> None:
        self.url = settings.redis_url
        self.client = client
        self.addresses: list[Address] = [("127.0.0.1", port) for port in settings.redis_ports]
        self._bus_ports = dict(zip(self.addresses, settings.redis_bus_ports, strict=True))
        self._processes = dict(zip(self.addresses, processes, strict=True))
        self._folders = dict(
            zip(self.addresses, (_folder(part.command) for part in server.parts(settings)), strict=True)
        )

    def owner(self, key: str) -> Address:
        """Return the master that has a key."""
        found = self.client.masters.ask().of(key)
        assert found is not None
        return found

    def name_on(self, address: Address, prefix: str = "s") -> str:
        """Return the name of a stream that lies on a master."""
        return next(name for n in range(1_000) if self.owner(f"{{{(name := f'{prefix}-{n}')}}}") == address)

    def at(self, address: Address) -> Any:
        """Return a client of one master."""
        return self.client.masters.at(address)

    def kill(self, address: Address) -> None:
        self._processes[address].stop(signal.SIGKILL)

    def send(self, address: Address, number: signal.Signals) -> None:
        self._processes[address].send(number)

    def start(self, address: Address, *, empty: bool = False) -> None:
        """Start a killed master, with what it had or with nothing but its slots; return once it takes commands."""
        if empty:
            shutil.rmtree(self._folders[address] / "appendonlydir")
        self._processes[address].start()
        until(lambda: _takes(self.at(address)), 20, "the master takes commands")

    def move_slot(self, key: str) -> Address:
        """Move the slot of a key, with its keys, to another master, as `redis-cli --cluster reshard` does."""
        with self.moving_slot(key) as target:
            pass
        return target

    @contextmanager
    def moving_slot(self, key: str) -> Iterator[Address]:
        """Move it at the end of the block; within, both masters are about to."""
        slot, source = slot_of(key), self.owner(key)
        target = next(address for address in self.addresses if address != source)
        ids = {each: self.at(each).execute_command("CLUSTER MYID").decode() for each in (source, target)}
        self.at(target).execute_command("CLUSTER SETSLOT", slot, "IMPORTING", ids[source])
        self.at(source).execute_command("CLUSTER SETSLOT", slot, "MIGRATING", ids[target])
        yield target
        while keys := self.at(source).execute_command("CLUSTER GETKEYSINSLOT", slot, 100):
            self.at(source).execute_command("MIGRATE", *target, "", 0, 5_000, "KEYS", *keys)
        for each in (target, source):
            self.at(each).execute_command("CLUSTER SETSLOT", slot, "NODE", ids[target])
        until(lambda: self.owner(key) == target, 10, "all know where the slot is")

    @contextmanager
    def replica_of(self, address: Address) -> Iterator[Address]:
        """Run a replica of a master for as long as the block lasts, from when it has all that the master has."""
        port, bus_port = free_ports(2)
        folder = self._folders[address].with_name("replica")
        folder.mkdir()
        command = [server.find_server(), "--bind", "127.0.0.1", "--port", str(port), "--dir", str(folder)]
        command += ["--cluster-enabled", "yes", "--cluster-port", str(bus_port), "--cluster-node-timeout", "2000"]
        process = Process(tuple(command), lambda: ready.pongs(port), folder / "log")
        process.start()
        try:
            replica = self.at(("127.0.0.1", port))
            replica.execute_command("CLUSTER MEET", *address, self._bus_ports[address])
            known = self.at(address).execute_command("CLUSTER MYID").decode()
            until(lambda: known in _ids(replica), 10, "the replica knows its master")
            replica.execute_command("CLUSTER REPLICATE", known)
            until(lambda: replica.info("replication").get("master_link_status") == "up", 20, "the replica has it all")
            yield "127.0.0.1", port
        finally:
            process.stop(signal.SIGKILL)


@contextmanager
def three_masters(folder: Path) -> Iterator[Cluster]:
    """Run them for as long as the block lasts."""
    settings = read_settings(folder, ephemeral_ports=True, redis_masters=3)
    with ExitStack() as stack:
        processes = [stack.enter_context(running(part, folder)) for part in server.parts(settings)]
        redis_cluster.form(settings)
        client = stack.enter_context(connect(settings.redis_url, timeout_s=2))
        assert isinstance(client, ClusterRedis)
        yield Cluster(settings, processes, client)


def _folder(command: tuple[str, ...]) -> Path:
    return Path(command[command.index("--dir") + 1])


def _ids(node: Any) -> set[str]:
    return {each["node_id"] for each in node.execute_command("CLUSTER NODES").values()}


def _takes(master: Any) -> bool:
    try:
        return bool(master.execute_command("CLUSTER INFO")["cluster_state"] == "ok")
    except redis.RedisError:
        return False
