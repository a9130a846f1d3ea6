from pathlib import Path

import pytest
import redis as client

from local import redis
from local.running import running
from local.settings import StackSettings


def test_the_command_writes_each_second_to_the_data_folder_and_listens_on_loopback(fixed: StackSettings) -> None:
    words = redis.part(fixed).command
    options = dict(zip(words[1::2], words[2::2], strict=True))

    assert options == {
        "--bind": "127.0.0.1",
        "--port": "6379",
        "--dir": "/data/redis",
        "--appendonly": "yes",
        "--appendfsync": "everysec",
        "--save": "",
        "--daemonize": "no",
    }


def test_the_machine_s_own_server_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    server = tmp_path / "redis-server"
    server.touch(mode=0o755)
    monkeypatch.setenv("PATH", str(tmp_path))

    assert redis.find_server() == str(server)


def test_without_one_the_wheel_s_server_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    assert Path(redis.find_server()).name == "valkey-server"


def test_what_is_written_is_there_after_a_restart(settings: StackSettings) -> None:
    for expected in (None, b"1"):
        with running(redis.part(settings), settings), client.Redis.from_url(settings.redis_url) as connection:
            assert connection.get("kept") == expected
            connection.set("kept", 1)
