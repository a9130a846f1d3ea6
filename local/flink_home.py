"""A Flink home in `.local/flink`, put together from the `apache-flink` wheel, the Kafka connector and `flink-conf/`.

The wheel holds a whole Flink. Its scripts take the folder above theirs for their home, so they are copied; its jars are
linked. With the connector in `lib/`, the cluster and every `flink run` have it.
"""

import shutil
from collections.abc import Iterable
from pathlib import Path

import pyflink

from local.paths import FLINK_CONF, FLINK_CONNECTORS, FLINK_HOME, PYTHON

LOGGING = "logging.properties"
"""What of `flink-conf/` is added to each of the distribution's own log4j configurations."""


def build(wheel: Path, connectors: Path, conf: Path, home: Path, python: Path) -> None:
    """Build `home` anew. Its `flink run -py` uses `python`, unless PYFLINK_CLIENT_EXECUTABLE names another."""
    shutil.rmtree(home, ignore_errors=True)
    shutil.copytree(wheel / "bin", home / "bin")
    for script in (home / "bin").iterdir():
        script.chmod(0o755)
    _choose_python(home / "bin" / "flink", python)
    (home / "log").mkdir()
    # Python's half of Flink is loaded once for all jobs: from what a job brings, each start of it would load it anew.
    python_jars = (wheel / "opt").glob("flink-python-*.jar")
    _link([*(wheel / "lib").glob("*.jar"), *python_jars, *connectors.glob("*.jar")], home / "lib")
    _link((wheel / "opt").glob("*.jar"), home / "opt")
    _link((wheel / "plugins").iterdir(), home / "plugins")
    # Files of flink-conf/ stand in for the wheel's own of the same name; the others set up the scripts' logging.
    _link({path.name: path for folder in (wheel / "conf", conf) for path in folder.iterdir()}.values(), home / "conf")
    _add_to_logging((conf / LOGGING).read_text(encoding="utf-8"), home / "conf")


def _choose_python(flink: Path, python: Path) -> None:
    first, rest = flink.read_text(encoding="utf-8").split("\n", maxsplit=1)
    choice = f'export PYFLINK_CLIENT_EXECUTABLE="${{PYFLINK_CLIENT_EXECUTABLE:-{python}}}"'
    flink.write_text(f"{first}\n{choice}\n{rest}", encoding="utf-8")


def _add_to_logging(lines: str, folder: Path) -> None:
    for path in folder.glob("log4j*.properties"):
        text = path.read_text(encoding="utf-8")
        path.unlink()
        path.write_text(f"{text}\n{lines}", encoding="utf-8")


def _link(sources: Iterable[Path], folder: Path) -> None:
    folder.mkdir()
    for source in sources:
        (folder / source.name).symlink_to(source)


if __name__ == "__main__":
    build(Path(pyflink.__file__).parent, FLINK_CONNECTORS, FLINK_CONF, FLINK_HOME, PYTHON)
