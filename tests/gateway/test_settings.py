import pytest
from pydantic import ValidationError

from gateway.settings import Settings


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OVATION_API_KEYS", "OVATION_TOKEN_SECRET", "OVATION_VOTER_SECRET"):
        monkeypatch.setenv(name, "secret-" * 6)


def read() -> Settings:
    return Settings()  # type: ignore[call-arg]


def test_edge_is_named_after_host_and_port(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OVATION_GATEWAY_PORT", "9999")
    assert read().edge.endswith("-9999")


def test_edge_can_be_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OVATION_EDGE", "gw-1")
    assert read().edge == "gw-1"


def test_no_secret_shows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OVATION_REDIS_URL", "redis://:hunter2@127.0.0.1/0")
    assert "secret-" not in repr(read())
    assert "hunter2" not in repr(read())


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("OVATION_TOKEN_SECRET", "short"),
        ("OVATION_TOKEN_SECRET", f"a:{'s' * 40},b:short"),
        ("OVATION_TOKEN_SECRET", f"a:{'s' * 40},a:{'t' * 40}"),
        ("OVATION_TOKEN_SECRET", f"{'s' * 40},{'t' * 40}"),
        ("OVATION_VOTER_SECRET", "short"),
        ("OVATION_API_KEYS", " , "),
        ("OVATION_API_KEYS", "good,sha256:123"),
        ("OVATION_LIMIT_VIEWER_TAPS_PER_S", "-1"),
        ("OVATION_LIMIT_BURST_S", "0"),
        ("OVATION_REGION", "not a name"),
        ("OVATION_REGIONS", "local=https://a.example,local=https://b.example"),
        ("OVATION_REGIONS", "eu=https://a.example,us=https://b.example"),
        ("OVATION_REGIONS", "local"),
        ("OVATION_GATEWAY_PORT", "0"),
        ("OVATION_FLUSH_MS", "0"),
    ],
)
def test_refuses_what_cannot_work(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ValidationError):
        read()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("OVATION_TOKEN_SECRET", f"new:{'n' * 40}, old:{'o' * 40}"),
        ("OVATION_API_KEYS", f"plain,sha256:{'0' * 64}"),
        ("OVATION_LIMIT_STREAM_PER_S", "0"),
    ],
)
def test_takes(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    read()


def test_a_refusal_repeats_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OVATION_TOKEN_SECRET", f"a:hunter2,b:{'s' * 40}")
    with pytest.raises(ValidationError) as error:
        read()
    assert "hunter2" not in str(error.value)


def test_pages_of_other_regions_may_open_sockets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OVATION_REGION", "eu")
    monkeypatch.setenv("OVATION_REGIONS", "eu=https://eu.example,us=https://us.example")
    monkeypatch.setenv("OVATION_ALLOWED_ORIGINS", "https://club.example")
    settings = read()
    assert settings.other_regions == ("us",)
    assert settings.other_gateways == ("https://us.example",)
    assert settings.page_origins == {"https://club.example", "https://us.example"}
