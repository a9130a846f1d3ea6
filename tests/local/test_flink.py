import shutil
from pathlib import Path

import pytest

from local import flink, flink_java, workers, zookeeper
from local.errors import StackError
from local.settings import StackSettings, read_settings


def arguments(settings: StackSettings, name: str) -> list[str]:
    lines = (settings.paths.run / f"{name}.args").read_text().splitlines()
    return [line.removeprefix('"').removesuffix('"') for line in lines]


def test_a_machine_s_own_options_are_ports_folders_and_memory(fixed: StackSettings) -> None:
    assert flink.options(fixed) == {
        "jobmanager.rpc.port": "6123",
        "rest.port": "8081",
        "rest.bind-port": "8081",
        "jobmanager.memory.process.size": "1024m",
        "taskmanager.memory.process.size": "2560m",
        "execution.checkpointing.dir": "file:///data/flink/checkpoints",
        "execution.checkpointing.savepoint-dir": "file:///data/flink/savepoints",
        "io.tmp.dirs": "/data/flink/tmp",
        **zookeeper.options(fixed),
    }


def test_the_distribution_is_last_on_the_class_path_and_the_connector_is_on_it() -> None:
    names = [Path(jar).name for jar in flink_java.class_path().split(":")]

    assert names[-1].startswith("flink-dist-")
    assert any(name.startswith("flink-sql-connector-kafka-") for name in names)


def test_the_taskmanager_s_memory_is_divided_by_flink_itself(settings: StackSettings) -> None:
    small = settings.model_copy(update={"flink_taskmanager_mb": 1536})
    flink.taskmanager(small, flink.TASKMANAGERS[1]).prepare()
    written = arguments(small, flink.TASKMANAGERS[1])

    main = written.index(flink.TASKMANAGER_CLASS)
    heap = next(int(word.removeprefix("-Xmx")) for word in written[:main] if word.startswith("-Xmx"))
    assert 200 * 2**20 < heap < 1536 * 2**20
    assert any(word.startswith("taskmanager.memory.task.heap.size=") for word in written[main:])
    assert "taskmanager.resource-id=flink-taskmanager-2" in written[main:]
    assert "--add-opens=java.base/java.util=ALL-UNNAMED" in written[:main]


def test_the_jobmanager_is_told_the_ports_of_its_stack(settings: StackSettings) -> None:
    flink.jobmanager(settings).prepare()
    written = arguments(settings, flink.JOBMANAGER)

    assert f"rest.port={settings.flink_port}" in written[written.index(flink.JOBMANAGER_CLASS) :]
    assert f"-Dlog.file={settings.paths.logs}/flink-jobmanager.log" in written
    assert f"-Djava.io.tmpdir={settings.data_dir}/flink/tmp" in written


def test_a_taskmanager_keeps_its_session_where_a_jobmanager_lays_down_its_lead(settings: StackSettings) -> None:
    flink.jobmanager(settings).prepare()
    flink.taskmanager(settings, "flink-taskmanager-1").prepare()
    zookeeper.part(settings).prepare()

    assert f"{zookeeper.SESSION}=6000" in arguments(settings, flink.JOBMANAGER)
    assert f"{zookeeper.SESSION}=60000" in arguments(settings, "flink-taskmanager-1")
    assert "maxSessionTimeout=60000" in (settings.paths.run / "flink-zookeeper.properties").read_text().splitlines()


def test_a_small_stack_has_one_taskmanager_and_its_own_division_of_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("OVATION_JAVA_OPTIONS", raising=False)
    small = read_settings(tmp_path, ephemeral_ports=True, small=True)
    [name] = flink.taskmanagers(small)
    flink.taskmanager(small, name).prepare()
    written = arguments(small, name)

    main = written.index(flink.TASKMANAGER_CLASS)
    assert "-XX:+UseSerialGC" in written[:main]
    assert "state.backend.rocksdb.memory.fixed-per-tm=64m" in written[main:]


def test_what_flink_starts_as_python_asks_for_a_fork(settings: StackSettings) -> None:
    name = flink.TASKMANAGERS[0]
    part = flink.taskmanager(settings, name)
    part.prepare()

    command = shutil.which("python", path=part.env["PATH"])
    assert command == str(settings.paths.run / "bin" / "python")
    assert part.env[workers.SOCKET] == str(settings.paths.workers_socket(name))


def test_a_configuration_that_flink_refuses_is_named(settings: StackSettings) -> None:
    impossible = settings.model_copy(update={"flink_taskmanager_mb": 1})

    with pytest.raises(StackError, match=r"Flink refuses flink-conf/config\.yaml"):
        flink.taskmanager(impossible, flink.TASKMANAGERS[0]).prepare()
