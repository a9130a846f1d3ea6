"""Unit costs come from the bench's files, and a file that is not there or lacks a figure is named."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from ovation.capacity.check import cores_in
from ovation.capacity.files import FOLDER, read
from ovation.capacity.growth import Point, points
from ovation.capacity.measured import commands, features, fitted, unit_costs
from ovation.capacity.pace import Pace
from ovation.errors import OvationError


def test_each_figure_is_the_measured_one() -> None:
    costs = unit_costs(FOLDER)

    assert 1 / (costs.frame_s + costs.wake_s) == pytest.approx(read(FOLDER, "frames").figure("taps by socket"))
    assert 1 / costs.vote_s == pytest.approx(read(FOLDER, "durable").figure("durable votes"))
    assert 1 / costs.message_s == pytest.approx(read(FOLDER, "delivery").figure("messages to"))
    assert costs.socket_bytes == pytest.approx(1024 * read(FOLDER, "delivery").figure("an idle socket"))


def test_no_unit_cost_is_negative_and_every_part_costs_something() -> None:
    costs = unit_costs(FOLDER)

    for part in (*costs.parts.values(), costs.kafka_bytes, costs.kept_bytes):
        assert min(part.values()) >= 0
        assert max(part.values()) > 0


def test_costs_are_found_again_in_curves_that_are_made_of_them() -> None:
    pace, known = Pace(live_batch_s=0.03), {"second": 0.02, "calls": 1e-5, "changes": 4e-6}

    def made(point: Point) -> Point:
        load = point.load(pace)
        cores = sum(known[name] * value for name, value in features("redis", load).items())
        return replace(
            point,
            cores={**point.cores, "redis": cores},
            written={**point.written, "redis commands": commands(load)},
        )

    costs = fitted(unit_costs(FOLDER), [made(point) for point in points(read(FOLDER, "growth"))], Pace())

    assert costs.live_batch_s == pytest.approx(0.03)
    assert costs.parts["redis"] == pytest.approx(known, rel=1e-3)


def test_a_missing_file_is_named() -> None:
    with pytest.raises(OvationError, match=r"frames\.json cannot be read: No such file .* --measurements"):
        unit_costs(Path("/nowhere"))


def test_a_figure_that_is_no_more_measured_is_named_with_its_command(tmp_path: Path) -> None:
    shutil.copytree(FOLDER, tmp_path, dirs_exist_ok=True)
    path = tmp_path / "durable.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "findings": []}))

    with pytest.raises(OvationError, match=r"durable\.json has no figure 'durable votes'.* make bench-durable"):
        unit_costs(tmp_path)


def test_a_file_that_is_none_of_the_bench_is_named(tmp_path: Path) -> None:
    shutil.copytree(FOLDER, tmp_path, dirs_exist_ok=True)
    (tmp_path / "taps.json").write_text("[]")

    with pytest.raises(OvationError, match=r"taps\.json is not what the bench writes"):
        unit_costs(tmp_path)


def test_cores_are_read_out_of_a_sentence() -> None:
    text = "at all times; cores busy meanwhile: gateway 0.43, python workers 0.27, all else on the machine -0.01"

    assert cores_in(text) == {"gateway": 0.43, "python workers": 0.27, "all else on the machine": -0.01}
