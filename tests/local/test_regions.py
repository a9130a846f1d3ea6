from pathlib import Path

import pytest

from local import mirror, regions
from local.errors import StackError
from local.settings import PORTS
from local.stack import Stack


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in PORTS:
        monkeypatch.delenv(f"OVATION_{name.upper()}", raising=False)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("eu,eu", "Region eu is named twice: --regions takes a list such as eu,us."),
        ("eu,", "is no name of a region"),
        ("eu,u s", "'u s' is no name of a region"),
        ("eu", "One region needs no list of them"),
    ],
)
def test_a_list_that_cannot_be_is_explained(text: str, words: str) -> None:
    with pytest.raises(StackError) as refused:
        regions.names(text)
    assert words in str(refused.value)


def test_each_region_listens_apart_from_the_others_and_knows_where_they_are(tmp_path: Path) -> None:
    eu, us = regions.settings_of(["eu", "us"], tmp_path, ephemeral_ports=False)

    assert [getattr(us, name) - getattr(eu, name) for name in PORTS] == [100] * len(PORTS)
    assert (eu.data_dir, us.data_dir) == (tmp_path / "eu", tmp_path / "us")
    assert eu.regions == us.regions == "eu=http://127.0.0.1:8080,us=http://127.0.0.1:8180"
    assert (eu.neighbours, us.neighbours) == ({"us": us.kafka_bootstrap}, {"eu": eu.kafka_bootstrap})


def test_free_ports_are_no_others(tmp_path: Path) -> None:
    found = regions.settings_of(["eu", "us", "asia"], tmp_path, ephemeral_ports=True)
    assert len({getattr(each, name) for each in found for name in PORTS}) == 3 * len(PORTS)


def test_all_have_the_secrets_of_the_first(tmp_path: Path) -> None:
    found = regions.settings_of(["eu", "us"], tmp_path, ephemeral_ports=True)
    regions.share_secrets(found)
    first, second = ((each.data_dir / "secrets.json").read_text() for each in found)
    assert first == second
    regions.share_secrets(found)
    assert (found[0].data_dir / "secrets.json").read_text() == first


def test_a_folder_keeps_its_regions(tmp_path: Path) -> None:
    assert regions.remembered(tmp_path) == []
    regions.remember(tmp_path, ["eu", "us"])
    regions.remember(tmp_path, ["eu", "us"])
    assert regions.remembered(tmp_path) == ["eu", "us"]
    with pytest.raises(StackError, match="has the regions eu, us"):
        regions.remember(tmp_path, ["eu", "asia"])


def test_a_mirror_brings_the_others_here_and_nothing_there(tmp_path: Path) -> None:
    eu, us, asia = regions.settings_of(["eu", "us", "asia"], tmp_path, ephemeral_ports=True)
    said = mirror.properties(eu)
    assert {key: value for key, value in said.items() if key.endswith(".enabled") and "->" in key} == {
        "us->eu.enabled": "true",
        "asia->eu.enabled": "true",
        "eu->us.enabled": "false",
        "eu->asia.enabled": "false",
    }
    assert said["us->eu.topics"] == "reactions,votes,control"
    assert said["asia.bootstrap.servers"] == asia.kafka_bootstrap
    assert said["exactly.once.source.support"] == "enabled"
    assert mirror.part(us).command[-2:] == ("--clusters", "us")


def test_a_stack_alone_has_none(tmp_path: Path) -> None:
    eu, _ = regions.settings_of(["eu", "us"], tmp_path, ephemeral_ports=True)
    assert mirror.NAME in Stack(eu).parts
    assert mirror.NAME not in Stack(eu.model_copy(update={"neighbours": {}})).parts
