"""The ClickHouse engine behind ClickHouse's HTTP interface, as one process."""

from local import ready
from local.part import GIVES_WAY, Part, Port
from local.paths import PYTHON
from local.settings import StackSettings


def part(settings: StackSettings) -> Part:
    """Return the ClickHouse engine of `settings`."""
    folder = settings.data_dir / "clickhouse"
    return Part(
        name="clickhouse",
        address=settings.clickhouse_url,
        command=(
            *(str(PYTHON), "-m", "local.clickhouse"),
            *("--data-dir", str(folder)),
            *("--port", str(settings.clickhouse_port)),
        ),
        ready=lambda: ready.answers(settings.clickhouse_port, "/ping"),
        ports=(Port(settings.clickhouse_port, "OVATION_CLICKHOUSE_PORT"),),
        prepare=lambda: folder.mkdir(mode=0o700, parents=True, exist_ok=True),
        stop_wait_s=30,
        nice=GIVES_WAY,
    )
