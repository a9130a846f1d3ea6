"""What is written twice, for the embedded stack and for containers, is the same."""

from local import jobmanager_watch
from local.paths import CHECKOUT
from local.settings import StackSettings
from local.zookeeper import FOLLOWING, KEEP_EMPTY, SESSION, options, part
from tests.compose import COMPOSE, SERVICES

TOLD_APART = ("storageDir", "cluster-id", "quorum")
"""Options that say where something is."""


def of_zookeeper(given: dict[str, str]) -> dict[str, str]:
    return {
        name: value
        for name, value in given.items()
        if name.startswith("high-availability.") and not name.endswith(TOLD_APART)
    }


def test_containers_follow_who_leads_as_the_embedded_stack_does(settings: StackSettings) -> None:
    def told(name: str) -> dict[str, str]:
        return of_zookeeper(dict(each.split("=", 1) for each in SERVICES[name]["command"] if "=" in each))

    ours = of_zookeeper(options(settings))
    assert SESSION in ours
    assert told("jobmanager") == ours
    assert told("taskmanager") == ours | FOLLOWING


def test_a_jobmanager_that_knows_no_leader_is_ended_there_too() -> None:
    jobmanager = SERVICES["jobmanager"]
    watch = ["python", "-m", jobmanager_watch.__name__, f"{jobmanager_watch.PATIENCE_S:.0f}", "8081"]
    assert jobmanager["command"][: len(watch)] == watch
    assert jobmanager["init"], "a child cannot kill the first process of its container"
    assert jobmanager["restart"] == "unless-stopped"


def test_both_zookeepers_allow_the_same_sessions(settings: StackSettings) -> None:
    embedded = part(settings)
    assert embedded.prepare is not None
    embedded.prepare()

    def limits(text: str) -> dict[str, str]:
        pairs = dict(line.split("=", 1) for line in text.splitlines() if "=" in line and not line.startswith("#"))
        return {name: pairs[name] for name in ("tickTime", "minSessionTimeout", "maxSessionTimeout")}

    ours = (settings.paths.run / f"{embedded.name}.properties").read_text()
    assert limits((CHECKOUT / "flink-conf" / "zookeeper.properties").read_text()) == limits(ours)


def test_both_keep_the_empty_container_of_an_election() -> None:
    assert KEEP_EMPTY in COMPOSE.read_text()
