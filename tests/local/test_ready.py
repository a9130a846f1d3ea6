import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

from local import ready
from local.ports import free_ports


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response({"/ok": 200, "/text": 200}.get(self.path, 503))
        self.end_headers()
        self.wfile.write(b'{"taskmanagers": 1}' if self.path == "/ok" else b"not JSON")

    def log_message(self, format: str, *args: object) -> None: ...


@contextmanager
def server() -> Iterator[int]:
    with HTTPServer(("127.0.0.1", 0), Handler) as http:
        thread = threading.Thread(target=http.serve_forever, args=(0.01,))
        thread.start()
        yield http.server_address[1]
        http.shutdown()
        thread.join()


def test_only_a_200_is_an_answer() -> None:
    with server() as port:
        assert ready.answers(port, "/ok")
        assert not ready.answers(port, "/busy")


def test_only_a_503_is_unavailable() -> None:
    with server() as port:
        assert ready.unavailable(port, "/busy")
        assert not ready.unavailable(port, "/ok")
    assert not ready.unavailable(port, "/busy"), "nobody answers"


def test_json_is_read_and_anything_else_is_empty() -> None:
    with server() as port:
        assert ready.get_json(port, "/ok") == {"taskmanagers": 1}
        assert ready.get_json(port, "/text") == {}


def test_a_closed_port_is_an_answer_too() -> None:
    (port,) = free_ports(1)

    assert not ready.accepts(port)
    assert not ready.pongs(port)
    assert not ready.answers(port, "/")
    assert ready.get_json(port, "/") == {}


def test_a_redis_that_still_loads_is_not_ready() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def loading() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.recv(16)
                connection.sendall(b"-LOADING\r\n")

        thread = threading.Thread(target=loading)
        thread.start()
        assert not ready.pongs(listener.getsockname()[1])
        thread.join()
