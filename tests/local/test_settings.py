from pathlib import Path

import pytest

from local import profiles
from local.errors import StackError
from local.settings import PORTS, StackSettings, read_settings


def test_ports_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OVATION_KAFKA_PORT", "19092")

    assert read_settings().kafka_bootstrap == "127.0.0.1:19092"


def test_ephemeral_ports_are_all_different(tmp_path: Path) -> None:
    settings = read_settings(tmp_path, ephemeral_ports=True)

    assert len({getattr(settings, name) for name in PORTS}) == len(PORTS) == 9


def test_a_malformed_setting_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OVATION_REDIS_PORT", "many")

    with pytest.raises(StackError, match="OVATION_REDIS_PORT is malformed"):
        read_settings()


def test_what_was_written_is_read_again_whatever_the_environment_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = read_settings(tmp_path, ephemeral_ports=True)
    monkeypatch.setenv("OVATION_FLINK_PORT", "1")

    assert StackSettings.model_validate_json(settings.model_dump_json()) == settings


def test_a_small_stack_takes_its_profile_but_for_what_the_environment_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("OVATION_JAVA_OPTIONS", raising=False)
    monkeypatch.setenv("OVATION_KAFKA_HEAP_MB", "200")
    settings = read_settings(tmp_path, small=True)

    assert settings.kafka_heap_mb == 200
    assert {name: getattr(settings, name) for name in profiles.SMALL} == {**profiles.SMALL, "kafka_heap_mb": 200}


def test_the_profile_changes_nothing_that_a_crash_is_survived_by(tmp_path: Path) -> None:
    """What makes counts exact is in flink-conf, which both sizes read alike."""
    exact = ("high-availability", "execution.checkpointing", "restart-strategy", "state.backend.type")

    assert not [key for key in profiles.SMALL["flink_options"] if key.startswith(exact)]


def test_masters_of_redis_have_ports_of_their_own(tmp_path: Path) -> None:
    one = read_settings(tmp_path)
    assert (one.redis_url, one.redis_ports, one.redis_bus_ports) == ("redis://127.0.0.1:6379/0", (6379,), ())
    three = read_settings(tmp_path, redis_masters=3)
    assert three.redis_url == "redis+cluster://127.0.0.1:6379,127.0.0.1:6380,127.0.0.1:6381"
    assert (three.redis_ports, three.redis_bus_ports) == ((6379, 6380, 6381), (6382, 6383, 6384))
    free = read_settings(tmp_path, ephemeral_ports=True, redis_masters=3)
    assert len({*free.redis_ports, *free.redis_bus_ports, *(getattr(free, name) for name in PORTS)}) == 5 + len(PORTS)


def test_the_environment_says_how_many_masters(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OVATION_REDIS_MASTERS", "3")
    assert read_settings(tmp_path).redis_masters == 3
    assert read_settings(tmp_path, redis_masters=1).redis_masters == 1
