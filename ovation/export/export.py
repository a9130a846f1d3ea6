"""One export from beginning to end."""

from collections.abc import Callable
from pathlib import Path

from ovation.client.transport import Transport
from ovation.export.columns import export_columns
from ovation.export.pages import Pages, Wanted, unwritable
from ovation.export.rows import export_rows


async def export_stream(
    url: str, key: str, wanted: Wanted, path: Path, resume: bool, report: Callable[[int, int], None]
) -> int:
    """Write the file at `path` and return its rows. `report` gets rows and bytes, as they grow.

    Raises CallError when the gateway refuses or does not answer, OvationError when the file cannot be written.
    """
    http = Transport(url.rstrip("/"))
    try:
        pages = Pages(http, key, wanted, path)
        if wanted.form in {"parquet", "arrow"}:
            return await export_columns(pages, wanted, path, report)
        return await export_rows(pages, wanted, path, resume, report)
    except OSError as error:
        raise unwritable(path, error) from error
    finally:
        await http.close()
