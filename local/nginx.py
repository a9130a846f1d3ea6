"""nginx in front of gateways, with the site of `docs/nginx` on addresses and folders of this machine.

No part of the embedded stack: it is there to show that what `docs/nginx` says holds.
"""

import os
import re
import shutil
from collections.abc import Sequence
from pathlib import Path

from local import ready
from local.part import Part
from local.paths import CHECKOUT

_SITE = CHECKOUT / "docs" / "nginx"
_WORKERS = 2
_CONNECTIONS = 16_384
_OWN_FOLDERS = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
_LOG = "$msec $request_method $uri $status $upstream_cache_status $upstream_status $request_time"
"""`$upstream_status` is what a gateway answered, or `-` where none was asked. What nginx asks for the sake of the next
caller has lines of its own."""


def find() -> str | None:
    """Return the path of nginx, or None where there is none."""
    return shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")


def part(program: str, folder: Path, port: int, gateways: Sequence[str], history: Sequence[str] = ()) -> Part:
    """Return nginx listening on `port` in front of gateways, each `host:port`. All it writes is in `folder`.

    `history` are those that know a ClickHouse; by default all do.
    """
    config = folder / "nginx.conf"
    return Part(
        name="nginx",
        address=f"http://127.0.0.1:{port}",
        command=(program, "-p", str(folder), "-c", str(config), "-e", "stderr"),
        ready=lambda: ready.accepts(port),
        prepare=lambda: _write(config, site(folder, port, gateways, history or gateways)),
    )


def access_log(folder: Path) -> Path:
    """Return where every request is noted, in the fields of `_LOG`."""
    return folder / "access.log"


def site(folder: Path, port: int, gateways: Sequence[str], history: Sequence[str]) -> str:
    """Return `site.conf` with these addresses and folders in place of its own, and all else as it is."""
    text = (_SITE / "site.conf").read_text(encoding="utf-8")
    upstreams = iter((gateways, history))  # As they follow there.
    text = re.sub(
        r"(?: *server 127\.0\.0\.1:\d+(.*;)\n)+",
        lambda servers: "".join(f"    server {address}{servers[1]}\n" for address in next(upstreams)),
        text,
    )
    for ours, own in (
        ("listen 80;", f"listen 127.0.0.1:{port};"),
        ("/var/cache/nginx/ovation", str(folder / "cache")),
        ("include ovation/locations.conf;", f"include {_SITE / 'locations.conf'};"),
    ):
        assert text.count(ours) == 1, f"site.conf does not say {ours!r} once"
        text = text.replace(ours, own)
    return text


def _write(config: Path, site: str) -> None:
    folder = config.parent
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "site.conf").write_text(site, encoding="utf-8")
    temporary = "\n".join(f"    {name}_temp_path {folder / name};" for name in _OWN_FOLDERS)
    # Its workers write into this folder, which is its starter's alone.
    config.write_text(
        f"daemon off;\nworker_processes {_WORKERS};\nworker_rlimit_nofile {_CONNECTIONS + 1_024};\n{_user()}"
        f"pid {folder / 'nginx.pid'};\nevents {{ worker_connections {_CONNECTIONS}; }}\n"
        f"http {{\n    log_format asked '{_LOG}';\n    access_log {access_log(folder)} asked;\n"
        f"    log_subrequest on;\n"
        f"{temporary}\n    include {folder / 'site.conf'};\n}}\n",
        encoding="utf-8",
    )


def _user() -> str:
    return "user root;\n" if os.geteuid() == 0 else ""
