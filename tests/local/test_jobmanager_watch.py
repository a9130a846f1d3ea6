import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

PATIENCE_S = 0.5
LIVES_S = 2.0
"""How long what stands for a JobManager goes on by itself: some times what a watch is patient for."""


class Answers(HTTPServer):
    """Stands for a JobManager's port, with one status for everything that is asked."""

    status = 200

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        assert isinstance(self.server, Answers)
        self.send_response(self.server.status)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None: ...


@pytest.fixture
def server() -> Iterator[Answers]:
    with Answers() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def watched(port: int) -> subprocess.CompletedProcess[str]:
    jobmanager = [sys.executable, "-c", f"import time; time.sleep({LIVES_S})"]
    return subprocess.run(
        [sys.executable, "-m", "local.jobmanager_watch", str(PATIENCE_S), str(port), *jobmanager],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )


def test_one_that_knows_no_leader_for_too_long_is_ended_and_says_why(server: Answers) -> None:
    server.status = 503
    ended = watched(server.server_port)
    assert ended.returncode == -9
    assert "has known no leader" in ended.stdout


@pytest.mark.parametrize("status", [200, 500])
def test_one_that_answers_otherwise_lives_on(server: Answers, status: int) -> None:
    server.status = status
    assert watched(server.server_port).returncode == 0


def test_one_that_does_not_answer_lives_on(server: Answers) -> None:
    server.server_close()
    assert watched(server.server_port).returncode == 0
