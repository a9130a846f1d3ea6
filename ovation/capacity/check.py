"""The model against points that the embedded stack was measured at."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from ovation.capacity import sizes
from ovation.capacity.cores import gateway_cores
from ovation.capacity.crowd import Crowd
from ovation.capacity.files import read
from ovation.capacity.fit import predicted
from ovation.capacity.given import Assumed
from ovation.capacity.growth import SECONDS, Point, points
from ovation.capacity.load import Load, load
from ovation.capacity.measured import (
    COMMANDS_OF_A_CALL,
    COMMANDS_OF_A_CHANGE,
    SUMS,
    UnitCosts,
    commands,
    features,
    fitted,
    kafka_features,
    kept_features,
)
from ovation.capacity.pace import Pace
from ovation.capacity.simulation import simulate
from ovation.capacity.trial import Compared

_CORES = re.compile(r"([a-z ]+?) (-?\d+\.\d+)(?:, |$)")
_WATCHED = ("kafka", "taskmanagers", "python workers", "redis", "clickhouse")


def held_out(costs: UnitCosts, folder: Path, pace: Pace) -> Iterator[Compared]:
    """Yield each figure of the growth curves beside the model's, its unit costs fitted without the figure's curve.

    So it is the error of a prediction, of something that grows as it never grew where costs were fitted. Raises
    OvationError.
    """
    growth = list(points(read(folder, "growth")))
    for grows in dict.fromkeys(point.grows for point in growth):
        own = fitted(costs, [point for point in growth if point.grows != grows], pace)
        for point in growth:
            if point.grows == grows:
                yield from _of_point(point, own, pace)


def check(costs: UnitCosts, folder: Path, pace: Pace) -> Iterator[Compared]:
    """Yield every figure beside the model's as plans use it. Raises OvationError.

    To the growth curves its unit costs were fitted; the measurements after them were of no use to any fit.
    """
    for point in points(read(folder, "growth")):
        yield from _of_point(point, costs, pace)
    yield from _whole_stack(costs, folder, pace)


def simulated(costs: UnitCosts, folder: Path, seed: int, pace: Pace) -> Iterator[Compared]:
    """Yield what the embedded stack wrote at each point of the growth curves beside what the simulation says.

    Who is named is not simulated: those rows are the formula's. Raises OvationError.
    """
    paced = replace(pace, live_batch_s=costs.live_batch_s)
    for point in points(read(folder, "growth")):
        counted = simulate(point.crowd, point.setting.gateways, SECONDS, seed, paced)
        of_calls = 2 * (COMMANDS_OF_A_CALL * counted.updates + COMMANDS_OF_A_CHANGE * counted.changes)
        yield Compared(point.name, "Redis commands/s", point.written["redis commands"], of_calls)
        yield Compared(point.name, "rows sent/s", point.written["rows sent"], counted.rows + point.load(paced).named)


def _of_point(point: Point, costs: UnitCosts, pace: Pace) -> Iterator[Compared]:
    work, written = point.load(replace(pace, live_batch_s=costs.live_batch_s)), point.written
    kafka, kept = predicted(costs.kafka_bytes, kafka_features(work)), predicted(costs.kept_bytes, kept_features(work))
    yield Compared(point.name, "Kafka, MB/s", written["kafka bytes"] / 1e6, kafka / 1e6)
    yield Compared(point.name, "Redis commands/s", written["redis commands"], commands(work))
    yield Compared(point.name, "rows sent/s", written["rows sent"], work.rows_sent)
    yield Compared(point.name, "rows kept/s", written["rows kept"], work.kept_sums + work.named)
    yield Compared(point.name, "KB kept/s", written["kept bytes"] / 1e3, kept / 1e3)
    for part in SUMS:
        cores = predicted(costs.parts[part], features(part, work))
        yield Compared(point.name, f"{part}, cores", point.cores[part], cores)


def _whole_stack(costs: UnitCosts, folder: Path, pace: Pace) -> Iterator[Compared]:
    paced = replace(pace, live_batch_s=costs.live_batch_s)
    delivery, capacity, screen = (read(folder, part) for part in ("delivery", "capacity", "screen"))
    size = re.search(r"of (\d+) bytes", next(each.what for each in delivery.findings))
    if size:
        yield Compared("delivery", "bytes of a message", float(size[1]), sizes.reactions_bytes(30, 50.0))
    taps = capacity.figure("taps counted and shown")
    tapping = Crowd(100, taps / 100, 1, emojis=5, taps_per_frame=20, frames_at_once=20, voting_share=0.0)
    note = capacity.note("taps counted and shown")
    yield from _cores("capacity", note, tapping, 20, costs, paced)
    one_a_frame = Crowd(500, 20.0, 1, emojis=5, voting_share=0.0, interval_ms=20.0)
    busy = next((line for line in screen.setting if "cores busy" in line), "")
    yield from _cores("screen", busy, one_a_frame, 50, costs, paced)


def _cores(where: str, text: str, tapping: Crowd, screens: float, costs: UnitCosts, pace: Pace) -> Iterator[Compared]:
    """Yield the cores that each part kept busy, out of the bench's own sentence."""
    measured = cores_in(text)
    work = load(replace(tapping, socket_share=1.0), 1, pace)
    # Who taps there looks once in five seconds; only the screens are shown every picture.
    work = replace(work, messages=work.messages * screens / tapping.viewers)
    model = modelled(work, tapping, costs)
    for part, cores in model.items():
        if part in measured:
            yield Compared(where, f"{part}, cores", measured[part], cores)


def modelled(work: Load, crowd: Crowd, costs: UnitCosts) -> Mapping[str, float]:
    """Return the cores that each part of one embedded stack keeps busy."""
    return {
        "gateway": gateway_cores(work, crowd, costs, Assumed()).total,
        **{part: predicted(costs.parts[part], features(part, work)) for part in _WATCHED},
    }


def cores_in(text: str) -> dict[str, float]:
    """Return the cores by part that a bench wrote as "cores busy: gateway 0.67, kafka 0.08"."""
    _, _, list_of_parts = text.partition("cores busy")
    _, _, list_of_parts = list_of_parts.partition(": ")
    return {name.strip(): float(value) for name, value in _CORES.findall(list_of_parts)}
