import socket

from local import ports


def test_a_port_with_a_listener_is_not_free() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        assert not ports.is_free(listener.getsockname()[1])


def test_free_ports_are_different_and_below_those_of_outgoing_connections() -> None:
    found = ports.free_ports(20)

    assert len(set(found)) == 20
    assert all(port in ports.RANGE and ports.is_free(port) for port in found)
