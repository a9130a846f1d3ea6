"""Three real masters: made a cluster once, and the same one again after a restart, at whichever ports."""

from contextlib import ExitStack
from pathlib import Path

import pytest

from contracts.redis_cluster.sync import connect, shards
from local import redis, redis_cluster
from local.errors import StackError
from local.running import running
from local.settings import StackSettings, read_settings

KEYS = [f"key-{number}" for number in range(30)]


def owners(settings: StackSettings) -> dict[str, int]:
    """Start the masters, make a cluster of them, write what is not there, and return which of them has each key."""
    with ExitStack() as stack:
        for part in redis.parts(settings):
            stack.enter_context(running(part, settings))
        redis_cluster.form(settings)
        redis_cluster.form(settings)
        client = stack.enter_context(connect(settings.redis_url, timeout_s=2))
        assert {shard.lacking for shard in shards(client)} == {0}
        before = [client.get(key) for key in KEYS]
        for key in KEYS:
            client.set(key, "1")
        assert before in ([None] * len(KEYS), [b"1"] * len(KEYS))
        assert (before[0] is None) is not (settings.data_dir / "again").exists()
        (settings.data_dir / "again").touch()
        ports = {key: client.masters.ask().of(key) for key in KEYS}
        return {key: settings.redis_ports.index(address[1]) for key, address in ports.items()}


def test_slots_and_data_are_kept_over_a_restart_at_other_ports(tmp_path: Path) -> None:
    settings = read_settings(tmp_path, ephemeral_ports=True, redis_masters=3)
    first = owners(settings)
    assert set(first.values()) == {0, 1, 2}
    assert owners(settings) == first
    elsewhere = read_settings(tmp_path, ephemeral_ports=True, redis_masters=3)
    assert elsewhere.redis_ports != settings.redis_ports
    assert owners(elsewhere) == first


def test_another_number_of_masters_begins_anew(fixed: StackSettings) -> None:
    folders = {
        masters: {part.command[part.command.index("--dir") + 1] for part in redis.parts(_with(fixed, masters))}
        for masters in (1, 2, 3)
    }
    assert folders[1] == {"/data/redis"}
    assert not folders[2] & folders[3]


def test_masters_that_do_not_answer_are_one_sentence(tmp_path: Path) -> None:
    settings = read_settings(tmp_path, ephemeral_ports=True, redis_masters=3)
    with pytest.raises(StackError, match="do not make a cluster"):
        redis_cluster.form(settings)


def _with(settings: StackSettings, masters: int) -> StackSettings:
    return settings.model_copy(update={"redis_masters": masters})
