"""A disk that is full while a page arrives ends the export at once, and is not taken for the gateway's silence."""

import errno
import io
import os
from pathlib import Path
from typing import Any

import pytest

from ovation.client.transport import Transport
from ovation.errors import OvationError
from ovation.export.export import export_stream
from ovation.export.pages import Pages, Wanted
from tests.ovation.export.test_export import Source, serving


class Full(io.BytesIO):
    """A file on a disk without room."""

    def write(self, _: Any) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def wanted(form: str) -> Wanted:
    return Wanted("cup", "reactions", form, {}, 10)


async def test_a_page_that_cannot_be_written_is_not_asked_for_again(tmp_path: Path) -> None:
    async with serving(Source()) as source:
        http = Transport(source.url.rstrip("/"))
        try:
            with pytest.raises(OvationError) as failure:
                await Pages(http, "key", wanted("csv"), tmp_path / "rows").download(None, Full())
        finally:
            await http.close()
    assert str(failure.value) == f"{tmp_path / 'rows'} cannot be written: No space left on device."
    assert source.asked == ["0"]


@pytest.mark.parametrize("form", ["csv", "ndjson", "parquet", "arrow"])
async def test_the_whole_export_ends_with_that_sentence(
    tmp_path: Path, form: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.TemporaryFile", lambda **_: Full())
    monkeypatch.setattr(Path, "open", lambda *_: Full())
    path = tmp_path / "rows"
    async with serving(Source()) as source:
        with pytest.raises(OvationError) as failure:
            await export_stream(source.url, "key", wanted(form), path, False, lambda *_: None)
    assert str(failure.value) == f"{path} cannot be written: No space left on device."
    assert source.asked == ["0"]
