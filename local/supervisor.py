"""supervisord as a daemon, and what one asks of it through its socket."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from xmlrpc.client import Error, Fault, ServerProxy

from supervisor.states import ProcessStates  # type: ignore[import-untyped]
from supervisor.xmlrpc import Faults, SupervisorTransport  # type: ignore[import-untyped]

from local.errors import StackError
from local.paths import DataDir
from local.processes import MARK

START_S = 10.0
LOOK_S = 0.05


class Supervisor:
    """The supervisor of one data folder."""

    def __init__(self, paths: DataDir) -> None:
        self._paths = paths

    def launch(self) -> None:
        """Start supervisord with the configuration that is in the data folder.

        Raises StackError when it does not answer.
        """
        command = [sys.executable, "-m", "supervisor.supervisord", "-c", str(self._paths.supervisor_config)]
        env = {**os.environ, MARK: str(self._paths.root)}
        answer = subprocess.run(command, env=env, capture_output=True, text=True, timeout=30, check=False)  # noqa: S603
        deadline = time.monotonic() + START_S
        while not self.is_up():
            if answer.returncode != 0 or time.monotonic() > deadline:
                raise StackError(f"The supervisor did not start: {(answer.stderr or answer.stdout).strip()}")
            time.sleep(0.02)

    def is_up(self) -> bool:
        """Return whether a supervisor answers for this data folder."""
        try:
            with self._rpc() as rpc:
                return bool(rpc.getState()["statename"] == "RUNNING")
        except (OSError, Error):
            return False

    def pid(self) -> int:
        """Return the process id of supervisord."""
        with self._rpc() as rpc:
            return int(rpc.getPID())

    def start(self, name: str) -> None:
        """Start the part `name`; one that runs already is left alone."""
        self._tolerating(Faults.ALREADY_STARTED, "startProcess", name, False)

    def stop(self, name: str) -> None:
        """Stop the part `name` and wait until its process is gone."""
        self.begin_to_stop(name)
        # While supervisord itself waits for an answer's time to come, it takes a whole core.
        while self._state(name) == ProcessStates.STOPPING:
            time.sleep(LOOK_S)

    def begin_to_stop(self, name: str) -> None:
        """Tell the process of the part `name` to end, and start no other when it has."""
        self._tolerating(Faults.NOT_RUNNING, "stopProcess", name, False)

    def pids(self) -> dict[str, int]:
        """Return the process id of every part that has a process; nothing when no supervisor answers."""
        try:
            with self._rpc() as rpc:
                return {info["name"]: info["pid"] for info in rpc.getAllProcessInfo() if info["pid"]}
        except (OSError, Error):
            return {}

    def shut_down(self) -> None:
        """Tell supervisord to stop whatever still runs, and to end."""
        with self._rpc() as rpc:
            rpc.shutdown()

    def _state(self, name: str) -> int:
        with self._rpc() as rpc:
            return int(rpc.getProcessInfo(name)["state"])

    def _tolerating(self, code: int, method: str, *arguments: object) -> None:
        try:
            with self._rpc() as rpc:
                getattr(rpc, method)(*arguments)
        except Fault as fault:
            if fault.faultCode != code:
                raise StackError(f"The supervisor refused {method} {arguments[0]}: {fault.faultString}.") from fault

    @contextmanager
    def _rpc(self) -> Iterator[Any]:
        transport = SupervisorTransport(None, None, f"unix://{self._paths.socket}")
        try:
            yield ServerProxy("http://supervisor", transport=transport).supervisor
        finally:
            transport.close()
