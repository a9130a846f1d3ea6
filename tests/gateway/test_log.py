import json
import subprocess
import sys

FAILS = """
from gateway import log
log.configure()
import structlog

def answer(token):
    raise ValueError("it went wrong")

try:
    answer("a-secret-token")
except ValueError:
    structlog.get_logger("gateway").exception("failed")
"""


def test_a_logged_failure_says_where_but_no_value_of_a_variable() -> None:
    done = subprocess.run([sys.executable, "-c", FAILS], capture_output=True, text=True, check=True)
    line = json.loads(done.stderr)
    [exception] = line["exception"]
    assert exception["exc_value"] == "it went wrong"
    assert "answer" in {frame["name"] for frame in exception["frames"]}
    assert "a-secret-token" not in json.dumps([frame.get("locals") for frame in exception["frames"]])
