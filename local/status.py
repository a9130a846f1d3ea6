"""What runs of a stack, as `ovation status` prints it."""

from typing import Any

from local import flink
from local.memory import used_mb
from local.parts import parts_of
from local.processes import descendants, python_workers_in
from local.secrets import load_or_create
from local.stack import Stack

ADDRESS_FIELD = {"kafka": "bootstrap"}
"""Name of a part's address in the answer, where it is not `url`."""


def status(stack: Stack) -> dict[str, dict[str, Any]]:
    """Return, for each part, its address, whether it is up, its process id (null without a process), and `memory_mb`,
    what its processes and their children take (null where the system does not tell).

    `up` means that its process runs and serves. `gateway` also has the development `api_key`; `flink` has its
    `taskmanagers`, each with the process ids of the Python workers under it, and is up when all of its processes are.
    """
    pids = stack.supervisor.pids()
    parts = parts_of(stack.settings)
    # A stack that is down has no secrets, which its parts would make.
    up = {name: name in pids and stack.parts[name].ready() for processes in parts.values() for name in processes}
    trees = {name: {pid, *descendants(pid)} for name, pid in pids.items()}
    addresses = {**stack.settings.addresses(), "mirror_url": f"http://127.0.0.1:{stack.settings.mirror_port}"}
    found: dict[str, dict[str, Any]] = {}
    for name, processes in parts.items():
        field = ADDRESS_FIELD.get(name, "url")
        found[name] = {
            field: addresses[f"{name}_{field}"],
            "up": all(up[process] for process in processes),
            "pid": pids.get(processes[0]),
            "memory_mb": used_mb(set().union(*(trees.get(process, ()) for process in processes))),
        }
    if stack.was_up:
        found["gateway"]["api_key"] = load_or_create(stack.settings.data_dir).api_key.get_secret_value()
    found["flink"]["taskmanagers"] = [
        {
            "name": name,
            "up": up[name],
            "pid": pids.get(name),
            "memory_mb": used_mb(trees.get(name, ())),
            "python_workers": python_workers_in(trees.get(name, ())),
        }
        for name in flink.taskmanagers(stack.settings)
    ]
    return found
