"""Several deployments by one client: what each is told, and what comes of one that Flink does not take."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from jobs import poll_dedup, reaction_window, together
from jobs.environment import create_environment
from jobs.settings import JobSettings, Sink
from ovation.deployments import DEPLOYMENTS


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str, Mapping[str, str]]]:
    """Return what is submitted, in place of submitting it. Flink does not take `poll_dedup` for the screens."""
    found: list[tuple[str, str, Mapping[str, str]]] = []

    def start(job: str, build: Any, sink: Sink, settings: JobSettings, options: Mapping[str, str]) -> None:
        assert build is {"poll_dedup": poll_dedup, "reaction_window": reaction_window}[job].build
        if (job, sink) == ("poll_dedup", "redis"):
            raise RuntimeError("another version's state")
        found.append((job, sink, options))

    monkeypatch.setattr(together, "start", start)
    return found


def test_one_that_is_not_taken_is_told_and_keeps_no_other_from_it(
    started: list[Any], capsys: pytest.CaptureFixture[str]
) -> None:
    words = [word for each in DEPLOYMENTS for word in ("--deployment", each.job, each.sink, "a.b=c=d")]
    assert together.main(words) == 1
    assert started == [(each.job, each.sink, {"a.b": "c=d"}) for each in DEPLOYMENTS if each.slug != "poll_dedup-redis"]
    (line,) = capsys.readouterr().out.splitlines()
    told = json.loads(line)
    assert (told["job"], told["sink"]) == ("poll_dedup", "redis")
    assert told["refused"].endswith("RuntimeError: another version's state\n")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["poll_dedup"], "there is no deployment poll_dedup"),
        (["poll_dedup", "kafka"], "there is no deployment poll_dedup kafka"),
        (["polls", "redis"], "there is no deployment polls redis"),
        (["poll_dedup", "redis", "a.b"], "a.b is no option of Flink's"),
    ],
)
def test_what_is_no_deployment_is_refused_before_any_is_submitted(
    words: list[str], said: str, started: list[Any], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        together.main(["--deployment", "reaction_window", "redis", "--deployment", *words])
    assert said in capsys.readouterr().err
    assert started == []


@pytest.mark.flink
def test_an_option_is_for_its_deployment_alone(settings: JobSettings) -> None:
    own = create_environment("one", "redis", settings, {"execution.checkpointing.dir": "file:///one"})
    other = create_environment("other", "redis", settings)
    key = "execution.checkpointing.dir"
    assert own.get_config().get(key, "") == "file:///one"
    assert other.get_config().get(key, "") == ""
