"""The configuration of supervisord, which starts each part again when it ends."""

import resource
import shlex
from collections.abc import Iterable

from local.environment import added
from local.errors import StackError
from local.part import Part
from local.paths import CHECKOUT
from local.settings import StackSettings

OPEN_FILES = 65_536
"""Sockets of a crowd, and Kafka's and Flink's files."""


def render(parts: Iterable[Part], settings: StackSettings) -> str:
    """Return the configuration of a supervisor that runs `parts`, each when it is told to.

    Raises StackError when a part's environment cannot be written into it.
    """
    paths = settings.paths
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    sections = [
        _section("unix_http_server", {"file": paths.socket, "chmod": "0700"}),
        _section(
            "supervisord",
            {
                "logfile": paths.log("supervisord"),
                "logfile_maxbytes": "10MB",
                "logfile_backups": "2",
                "pidfile": paths.supervisor_pid,
                "childlogdir": paths.logs,
                "umask": "077",
                "minfds": OPEN_FILES if most == resource.RLIM_INFINITY else min(OPEN_FILES, most),
            },
        ),
        _section(
            "rpcinterface:supervisor",
            {"supervisor.rpcinterface_factory": "supervisor.rpcinterface:make_main_rpcinterface"},
        ),
        *(_program(part, priority, settings) for priority, part in enumerate(parts, start=1)),
    ]
    return "\n".join(sections)


def _program(part: Part, priority: int, settings: StackSettings) -> str:
    environment = ",".join(f"{name}={_quoted(name, value)}" for name, value in sorted(added(part, settings).items()))
    return _section(
        f"program:{part.name}",
        {
            "command": shlex.join(_command(part)),
            "directory": CHECKOUT,
            "environment": environment,
            # A supervisor that is told to end stops its programs in the reverse of this order.
            "priority": priority,
            "autostart": "false",
            "autorestart": "true",
            # A part that lives for a second has started; one that does not is tried again, a second later each time.
            "startsecs": "1",
            "startretries": "1000000",
            "stopsignal": "TERM",
            "stopwaitsecs": part.stop_wait_s,
            "stopasgroup": "true",
            "killasgroup": "true",
            "redirect_stderr": "true",
            "stdout_logfile": settings.paths.log(part.name),
            "stdout_logfile_maxbytes": "20MB",
            "stdout_logfile_backups": "3",
        },
    )


def _command(part: Part) -> tuple[str, ...]:
    return ("nice", "-n", str(part.nice), *part.command) if part.nice else part.command


def _section(name: str, options: dict[str, object]) -> str:
    return "\n".join([f"[{name}]", *(f"{key}={_written(key, str(value))}" for key, value in options.items()), ""])


def _written(key: str, value: str) -> str:
    if any(comment in value for comment in (" ;", " #", "\n")):
        raise StackError(f"The {key} of a part holds a blank before ; or #, where the supervisor's configuration ends.")
    # A percent sign would begin one of supervisord's own expansions.
    return value.replace("%", "%%")


def _quoted(name: str, value: str) -> str:
    """Return `value` between quotation marks, for which supervisord knows no escape."""
    if '"' in value:
        raise StackError(f"{name} holds a quotation mark, which the supervisor cannot pass on.")
    return f'"{value}"'
