"""The ClickHouse engine behind ClickHouse's HTTP interface, as one process."""

from pathlib import Path

from local import ready
from local.part import GIVES_WAY, Part, Port
from local.paths import PYTHON
from local.settings import StackSettings

_CONFIG = """\
<clickhouse>
    <!-- Where BACKUP … TO File(…) may write, and RESTORE read; sql/server/backups.xml is the same for a server. -->
    <backups><allowed_path>{backups}/</allowed_path></backups>
{memory}</clickhouse>
"""

_MEMORY = """\
    <max_server_memory_usage>{bytes}</max_server_memory_usage>
    <mark_cache_size>8388608</mark_cache_size>
    <uncompressed_cache_size>0</uncompressed_cache_size>
    <background_pool_size>2</background_pool_size>
    <background_schedule_pool_size>4</background_schedule_pool_size>
"""


def part(settings: StackSettings) -> Part:
    """Return the ClickHouse engine of `settings`."""
    folder, backups = settings.data_dir / "clickhouse", settings.data_dir / "backups"
    config = settings.paths.run / "clickhouse.xml"
    return Part(
        name="clickhouse",
        address=settings.clickhouse_url,
        command=(
            *(str(PYTHON), "-m", "local.clickhouse"),
            *("--data-dir", str(folder)),
            *("--port", str(settings.clickhouse_port)),
            *("--config", str(config)),
            *(("--give-back",) if settings.clickhouse_memory_mb else ()),
        ),
        ready=lambda: ready.answers(settings.clickhouse_port, "/ping"),
        ports=(Port(settings.clickhouse_port, "OVATION_CLICKHOUSE_PORT"),),
        prepare=lambda: _prepare(folder, backups, config, settings.clickhouse_memory_mb),
        stop_wait_s=30,
        nice=GIVES_WAY,
    )


def _prepare(folder: Path, backups: Path, config: Path, memory_mb: int) -> None:
    for each in (folder, backups, config.parent):
        each.mkdir(mode=0o700, parents=True, exist_ok=True)
    memory = _MEMORY.format(bytes=memory_mb * 1024**2) if memory_mb else ""
    config.write_text(_CONFIG.format(backups=backups, memory=memory), encoding="utf-8")
