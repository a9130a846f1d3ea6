import subprocess
from pathlib import Path

import pytest
import yaml

from local import flink_home
from local.paths import CHECKOUT, FLINK_CONF, FLINK_HOME, LOG4J_CONFIG


@pytest.fixture
def sources(tmp_path: Path) -> dict[str, Path]:
    wheel, connectors, conf = (tmp_path / name for name in ("wheel", "connectors", "conf"))
    for file in ("bin/flink", "lib/flink-dist.jar", "opt/flink-python-2.jar", "plugins/x/x.jar", "conf/config.yaml"):
        (wheel / file).parent.mkdir(parents=True, exist_ok=True)
        (wheel / file).write_text("#!/bin/sh\nwheel\n")
    (wheel / "conf" / "log4j-cli.properties").write_text("wheel")
    for folder, file in ((connectors, "connector.jar"), (conf, "config.yaml"), (conf, flink_home.LOGGING)):
        folder.mkdir(exist_ok=True)
        (folder / file).write_text("ours")
    return {"wheel": wheel, "connectors": connectors, "conf": conf, "python": Path("/venv/bin/python")}


def test_ours_stands_in_for_the_wheel_s(sources: dict[str, Path], tmp_path: Path) -> None:
    home = tmp_path / "home"
    flink_home.build(**sources, home=home)

    assert sorted(path.name for path in (home / "lib").iterdir()) == [
        "connector.jar",
        "flink-dist.jar",
        "flink-python-2.jar",
    ]
    assert (home / "conf" / "config.yaml").read_text() == "ours"
    assert (home / "conf" / "log4j-cli.properties").read_text() == "wheel\nours"
    assert (sources["wheel"] / "conf" / "log4j-cli.properties").read_text() == "wheel"


def test_it_is_built_anew_each_time(sources: dict[str, Path], tmp_path: Path) -> None:
    home = tmp_path / "home"
    flink_home.build(**sources, home=home)
    (sources["connectors"] / "connector.jar").rename(sources["connectors"] / "newer.jar")
    flink_home.build(**sources, home=home)

    assert not (home / "lib" / "connector.jar").is_symlink()


def test_programs_run_with_the_python_that_has_pyflink(sources: dict[str, Path], tmp_path: Path) -> None:
    home = tmp_path / "home"
    flink_home.build(**sources, home=home)

    first, second, *_ = (home / "bin" / "flink").read_text().splitlines()
    assert first == "#!/bin/sh"
    assert second.endswith(':-/venv/bin/python}"')


def _options(text: str) -> set[str]:
    return {line for line in text.splitlines() if line and not line.startswith("#")}


def test_no_flink_logs_the_environment_of_a_taskmanager() -> None:
    wanted = _options((FLINK_CONF / flink_home.LOGGING).read_text(encoding="utf-8"))
    assert {line.partition(" =")[0] for line in wanted} == {"logger.beam.name", "logger.beam.level"}
    files = [LOG4J_CONFIG, *(FLINK_HOME / "conf").glob("log4j*.properties")]
    assert len(files) > 3
    for path in files:
        assert wanted <= _options(path.read_text(encoding="utf-8")), path
    manifest = CHECKOUT / "docs" / "kubernetes" / "flink" / "common.yaml"
    given = yaml.safe_load(manifest.read_text(encoding="utf-8"))["spec"]["logConfiguration"]
    assert wanted <= _options(given["log4j-console.properties"])


@pytest.mark.flink
def test_the_installed_flink_knows_its_version() -> None:
    answer = subprocess.run(
        [FLINK_HOME / "bin" / "flink", "--version"], capture_output=True, text=True, check=True, timeout=60
    )

    assert answer.stdout.startswith("Version: 2.2")
