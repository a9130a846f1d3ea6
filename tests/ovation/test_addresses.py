import json
from pathlib import Path

import pytest

from ovation.addresses import Addresses, find_addresses
from ovation.errors import OvationError


@pytest.fixture(autouse=True)
def stack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder with a running stack's files, and no address in the environment."""
    for name in Addresses.model_fields:
        monkeypatch.delenv(f"OVATION_{name.upper()}", raising=False)
    monkeypatch.setenv("OVATION_DATA_DIR", str(tmp_path))
    (tmp_path / "stack.json").write_text(json.dumps({"kafka_bootstrap": "127.0.0.1:1", "gateway_url": "http://stack"}))
    (tmp_path / "secrets.json").write_text(json.dumps({"api_key": "stack-key", "token_secret": "other"}))
    return tmp_path


def test_the_running_stack_s_addresses_are_found() -> None:
    found = find_addresses()

    assert (found.kafka_bootstrap, found.gateway_url) == ("127.0.0.1:1", "http://stack")
    assert found.api_key.get_secret_value() == "stack-key"


def test_the_environment_comes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OVATION_KAFKA_BOOTSTRAP", "kafka.example:9092")

    assert find_addresses().kafka_bootstrap == "kafka.example:9092"


def test_another_gateway_is_not_shown_the_stack_s_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OVATION_GATEWAY_URL", "https://gateway.example")

    assert find_addresses().api_key.get_secret_value() == ""


def test_without_a_stack_the_usual_ports_are_meant(stack: Path) -> None:
    (stack / "stack.json").unlink()

    assert find_addresses() == Addresses.model_construct()


def test_the_environment_it_makes_is_read_as_the_same_addresses(monkeypatch: pytest.MonkeyPatch) -> None:
    found = find_addresses()
    for name, value in found.environment().items():
        monkeypatch.setenv(name, value)

    assert Addresses() == found


def test_no_secret_is_in_a_repr() -> None:
    assert "stack-key" not in repr(find_addresses())


def test_a_damaged_file_is_one_sentence(stack: Path) -> None:
    (stack / "stack.json").write_text("{")

    with pytest.raises(OvationError, match=r"stack\.json is not JSON"):
        find_addresses()
