"""What runs of a stack, as `ovation status` prints it."""

from typing import Any

from local import flink
from local.parts import parts_of
from local.processes import descendants, python_workers_in
from local.secrets import load_or_create
from local.stack import Stack

ADDRESS_FIELD = {"kafka": "bootstrap"}
"""Name of a part's address in the answer, where it is not `url`."""


def status(stack: Stack) -> dict[str, dict[str, Any]]:
    """Return, for each part, its address, whether it is up, and its process id (null without a process).

    `up` means that its process runs and serves. `gateway` also has the development `api_key`; `flink` has its
    `taskmanagers`, each with the process ids of the Python workers under it, and is up when all of its processes are.
    """
    pids = stack.supervisor.pids()
    parts = parts_of(stack.settings)
    up = {name: name in pids and stack.parts[name].ready() for processes in parts.values() for name in processes}
    addresses = {**stack.settings.addresses(), "mirror_url": f"http://127.0.0.1:{stack.settings.mirror_port}"}
    found: dict[str, dict[str, Any]] = {}
    for name, processes in parts.items():
        field = ADDRESS_FIELD.get(name, "url")
        found[name] = {
            field: addresses[f"{name}_{field}"],
            "up": all(up[process] for process in processes),
            "pid": pids.get(processes[0]),
        }
    if stack.was_up:
        found["gateway"]["api_key"] = load_or_create(stack.settings.data_dir).api_key.get_secret_value()
    found["flink"]["taskmanagers"] = [
        {
            "name": name,
            "up": up[name],
            "pid": pids.get(name),
            "python_workers": python_workers_in(descendants(pids[name])) if name in pids else [],
        }
        for name in flink.TASKMANAGERS
    ]
    return found
