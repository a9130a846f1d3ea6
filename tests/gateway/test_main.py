import json
import os
import subprocess

from local.paths import CHECKOUT, PYTHON


def test_a_missing_setting_is_named_and_no_secret_shown() -> None:
    env = {name: value for name, value in os.environ.items() if not name.startswith("OVATION_")}
    env |= {"OVATION_API_KEYS": "a-key", "OVATION_TOKEN_SECRET": "too-short-to-be-a-secret"}
    ran = subprocess.run(
        [PYTHON, "-m", "gateway"], env=env, cwd=CHECKOUT, capture_output=True, text=True, timeout=60, check=False
    )
    assert ran.returncode == 2
    logged = [json.loads(line) for line in ran.stderr.splitlines()]
    assert {each["setting"] for each in logged} == {"OVATION_TOKEN_SECRET", "OVATION_VOTER_SECRET"}
    assert "too-short-to-be-a-secret" not in ran.stderr
