"""The boards as files: whole, and of names that there are. Grafana itself is not asked."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from local.clickhouse.users import READER
from local.paths import CHECKOUT
from tests.compose import COMPOSE, SERVICES
from tests.sql.grafana import exposed
from tests.sql.grafana.boards import (
    BOARDS,
    CLICKHOUSE,
    FOLDER,
    PROMETHEUS,
    Target,
    board,
    metric_names,
    panels,
    targets,
)

every_board = pytest.mark.parametrize("path", BOARDS, ids=lambda path: path.stem)
KINDS = {"stat", "timeseries", "table", "bargauge"}
COLUMNS = 24


def provisioned(kind: str) -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load((FOLDER / "provisioning" / kind / "ovation.yaml").read_text())
    return read


def test_all_boards_are_there() -> None:
    assert [path.stem for path in BOARDS] == ["live", "operations", "past_stream"]
    assert len({board(path)["uid"] for path in BOARDS}) == len(BOARDS)


@every_board
def test_a_board_has_what_grafana_asks_of_it(path: Path) -> None:
    read = board(path)
    assert read["title"]
    assert len(read["uid"]) <= 40
    assert read["schemaVersion"] >= 39
    assert set(read["time"]) == {"from", "to"}
    # Provisioning takes a dashboard itself, and not what Grafana wraps one in for an export.
    assert not {"dashboard", "__inputs", "id"} & read.keys()
    ids = [panel["id"] for panel in read["panels"]]
    assert len(set(ids)) == len(ids)


@every_board
def test_every_panel_says_what_it_shows(path: Path) -> None:
    for panel in panels(path):
        assert panel["type"] in KINDS, panel["title"]
        assert panel["title"]
        assert panel["description"].endswith("."), panel["title"]
        assert panel["targets"], panel["title"]
        assert {"defaults", "overrides"} <= panel["fieldConfig"].keys()
        references = [target["refId"] for target in panel["targets"]]
        assert len(set(references)) == len(references)


@every_board
def test_no_panel_covers_another(path: Path) -> None:
    taken: dict[tuple[int, int], str] = {}
    for panel in board(path)["panels"]:
        place = panel["gridPos"]
        assert place["x"] >= 0
        assert place["x"] + place["w"] <= COLUMNS
        for x in range(place["x"], place["x"] + place["w"]):
            for y in range(place["y"], place["y"] + place["h"]):
                assert (x, y) not in taken, (panel["title"], taken.get((x, y)))
                taken[x, y] = panel["title"]


@every_board
def test_data_sources_are_provisioned(path: Path) -> None:
    known = {source["uid"]: source["type"] for source in provisioned("datasources")["datasources"]}
    used = [each["datasource"] for panel in panels(path) for each in (panel, *panel["targets"])]
    used += [variable["datasource"] for variable in board(path)["templating"]["list"]]
    assert used
    for source in used:
        assert known[source["uid"]] == source["type"]


def test_clickhouse_is_read_by_who_can_only_read() -> None:
    [clickhouse] = [each for each in provisioned("datasources")["datasources"] if each["type"] == CLICKHOUSE]
    assert clickhouse["jsonData"]["username"] == READER
    assert clickhouse["secureJsonData"] == {"password": "$OVATION_READER_PASSWORD"}


def test_the_environment_has_what_provisioning_takes_from_it() -> None:
    given = SERVICES["grafana"]["environment"]
    provisioning = (FOLDER / "provisioning" / "datasources" / "ovation.yaml").read_text()
    assert set(re.findall(r"\$(OVATION_\w+)", provisioning)) == {name for name in given if name.startswith("OVATION_")}
    # Every secret of the file is among those that the page on deployment makes.
    secrets = set(re.findall(r"\$\{(\w+):\?", COMPOSE.read_text()))
    made = re.search(r"for name in ([^;]+); do", (CHECKOUT / "docs" / "deployment.md").read_text())
    assert made is not None
    assert secrets == set(made[1].replace("\\", " ").split())


def test_boards_are_provisioned_from_where_the_image_has_them() -> None:
    [provider] = provisioned("dashboards")["providers"]
    image = (FOLDER / "Dockerfile").read_text()
    assert f"COPY sql/grafana/dashboards {provider['options']['path']}\n" in image
    assert "COPY sql/grafana/provisioning /etc/grafana/provisioning\n" in image
    # What the queries use of the plugin is of the version that is installed.
    versions = {target.query["pluginVersion"] for target in targets(CLICKHOUSE)}
    assert re.findall(r"plugins install grafana-clickhouse-datasource (\S+)", image) == [*versions]


@pytest.mark.parametrize("target", targets(PROMETHEUS), ids=str)
def test_metrics_are_those_that_there_are(target: Target) -> None:
    names = set(metric_names(target.query["expr"]))
    assert names
    assert names <= exposed.names(), target.query["expr"]


def test_metric_names_are_found_in_expressions() -> None:
    expression = (
        'histogram_quantile(0.99, sum by (le, problem) (rate(a_bucket{x="y"}[5m]))) + min without (i) (b:c) / 2'
    )
    assert list(metric_names(expression)) == ["a_bucket", "b:c"]


@every_board
def test_links_lead_to_boards_and_fields_that_there_are(path: Path) -> None:
    known = {board(each)["uid"] for each in BOARDS}
    text = path.read_text()
    for uid in re.findall(r'"/d/([\w-]+)', text):
        assert uid in known
    for panel in panels(path):
        for field in re.findall(r"__data\.fields\.(\w+)", str(panel["fieldConfig"])):
            assert f"AS {field}" in panel["targets"][0]["rawSql"] or f"    {field},\n" in panel["targets"][0]["rawSql"]
    variables = {variable["name"] for variable in board(path)["templating"]["list"]}
    assert set(re.findall(r"\$\{(\w+):singlequote\}", text)) <= variables
    assert set(re.findall(r"var-(\w+)=", text)) <= variables
