"""Parquet and Arrow files: pages are files of their own, which are written into one, a batch at a time."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq

from ovation.export.pages import Pages, Wanted, replace


async def export_columns(pages: Pages, wanted: Wanted, path: Path, report: Callable[[int, int], None]) -> int:
    """Write the file and return its rows. `report` gets rows and bytes after each page. Raises CallError."""
    draft = path.with_name(path.name + ".part")
    try:
        rows = await _write(pages, wanted, draft, report)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    replace(draft, path)
    return rows


async def _write(pages: Pages, wanted: Wanted, draft: Path, report: Callable[[int, int], None]) -> int:
    opened = pq.ParquetWriter if wanted.form == "parquet" else pa.ipc.new_stream
    rows, size = 0, 0
    cursor: str | None = None
    with ExitStack() as held:
        writer: Any = None
        while True:
            with tempfile.TemporaryFile(dir=draft.parent) as page:
                cursor = (await pages.download(cursor, page)).next
                size += page.tell()
                page.seek(0)
                for schema, batch in _batches(page, wanted.form):
                    if writer is None:
                        writer = held.enter_context(opened(draft, schema))
                    if batch is not None:
                        writer.write_batch(batch)
                        rows += batch.num_rows
            report(rows, size)
            if cursor is None:
                return rows


def _batches(page: BinaryIO, form: str) -> Iterator[tuple[Any, Any]]:
    """Go through a page's batches with their schema; the schema comes once by itself, for a page without any."""
    if form == "parquet":
        file = pq.ParquetFile(page)
        yield file.schema_arrow, None
        for number in range(file.num_row_groups):
            for batch in file.iter_batches(row_groups=[number]):
                yield file.schema_arrow, batch
    else:
        stream = pa.ipc.open_stream(page)
        yield stream.schema, None
        for batch in stream:
            yield stream.schema, batch
