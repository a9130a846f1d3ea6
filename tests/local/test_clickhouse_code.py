"""Pages of the engine's code that are given back are read again when they are needed."""

import subprocess
import sys
from pathlib import Path

import pytest

from local import processes

LOOK = """
import sys
from pathlib import Path
from local.clickhouse import code
from local.clickhouse.engine import Engine

engine = Engine(Path(sys.argv[1]))
found = sum(end - start for start, end in code._mapped())
code.give_back()
print(found, engine._keeper.query("SELECT sum(number) FROM numbers(10)", "TabSeparated").bytes())
engine.close()
"""


@pytest.mark.engine
@pytest.mark.skipif(not processes.PROC.is_dir(), reason="there is no /proc here")
def test_code_that_is_given_back_is_there_when_it_is_needed(tmp_path: Path) -> None:
    ran = subprocess.run([sys.executable, "-c", LOOK, str(tmp_path)], capture_output=True, text=True, check=True)
    found, answer = ran.stdout.split(maxsplit=1)

    # How much of it leaves depends on who else has the library: pages that two have are left alone.
    assert int(found) > 100 * 1024**2
    assert answer.strip() == r"b'45\n'"
