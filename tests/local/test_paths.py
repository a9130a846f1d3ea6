from pathlib import Path

from local.paths import DataDir


def test_the_socket_is_in_the_data_folder() -> None:
    assert DataDir(Path("/data")).socket == Path("/data/run/supervisor.sock")


def test_a_path_too_long_for_a_socket_gets_a_short_one_of_its_own() -> None:
    first, second = (DataDir(Path("/" + name * 120)).socket for name in "ab")

    assert first != second
    assert first == DataDir(Path("/" + "a" * 120)).socket
    assert len(bytes(first)) < 100


def test_sockets_of_one_stack_are_apart_even_with_short_names() -> None:
    for root in (Path("/data"), Path("/" + "a" * 120)):
        sockets = {DataDir(root).socket, DataDir(root).workers_socket("one"), DataDir(root).workers_socket("two")}
        assert len(sockets) == 3


def test_other_users_are_kept_out(tmp_path: Path) -> None:
    paths = DataDir(tmp_path / "data")
    paths.create()

    for folder in (paths.root, paths.run, paths.logs):
        assert folder.stat().st_mode & 0o077 == 0
