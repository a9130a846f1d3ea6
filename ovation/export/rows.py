"""Files of rows, CSV and NDJSON: a page is appended as it is, and one that was begun can be gone on with."""

import json
import os
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from ovation.errors import OvationError
from ovation.export.pages import Pages, Wanted, replace


@dataclass(frozen=True, slots=True)
class Mark:
    """How far a file is good: its bytes and rows, and where the next page begins. `wanted` is what it is of."""

    wanted: str
    size: int = 0
    rows: int = 0
    cursor: str | None = None


async def export_rows(
    pages: Pages, wanted: Wanted, path: Path, resume: bool, report: Callable[[int, int], None]
) -> int:
    """Write the file and return its rows. `report` gets rows and bytes after each page.

    Until it is whole it is `FILE.part`, and `FILE.part.json` says how far that is good. Raises OvationError when there
    is nothing to resume, or something else; CallError when the gateway does not answer.
    """
    draft, note = path.with_name(path.name + ".part"), path.with_name(path.name + ".part.json")
    asked, has_header = wanted.address(None), wanted.form == "csv"
    mark = _read(note, asked, draft) if resume else Mark(asked)
    with draft.open("r+b" if resume else "w+b") as file:
        # What came after the mark is part of a page.
        file.truncate(mark.size)
        file.seek(mark.size)
        report(mark.rows, mark.size)
        while True:
            page = await pages.download(mark.cursor, file, without_header=has_header and mark.size > 0)
            rows = page.lines - (1 if has_header and mark.size == 0 else 0)
            mark = Mark(asked, file.tell(), mark.rows + rows, page.next)
            report(mark.rows, mark.size)
            if mark.cursor is None:
                break
            file.flush()
            os.fsync(file.fileno())
            _write(note, mark)
    replace(draft, path)
    note.unlink(missing_ok=True)
    return mark.rows


def _write(note: Path, mark: Mark) -> None:
    draft = note.with_suffix(".tmp")
    draft.write_text(json.dumps(asdict(mark)), encoding="utf-8")
    draft.replace(note)


def _read(note: Path, asked: str, draft: Path) -> Mark:
    try:
        mark = Mark(**json.loads(note.read_text(encoding="utf-8")))
        size = draft.stat().st_size
    except (OSError, ValueError, TypeError) as error:
        raise OvationError(f"There is nothing to resume: {note} cannot be read. Export without --resume.") from error
    if mark.wanted != asked:
        raise OvationError(f"{draft} is of another export. Ask for the same again, or export without --resume.")
    if size < mark.size:
        raise OvationError(f"{draft} is shorter than it was. Export without --resume.")
    return mark
