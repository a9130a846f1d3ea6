"""A savepoint says which layout of bytes it has, and one of another is refused instead of misread."""

from typing import Any

import pytest
from pyflink.java_gateway import get_gateway

pytestmark = pytest.mark.flink

SERIALIZERS = ["BallotSerializer", "TallySerializer"]
BEFORE_LAYOUTS = 3
"""The version of Flink's SimpleTypeSerializerSnapshot, which wrote the serializer's name and nothing else."""


def snapshot(name: str) -> Any:
    return getattr(get_gateway().jvm.ovation, name)().snapshotConfiguration()


def written(write: Any) -> Any:
    memory = get_gateway().jvm.org.apache.flink.core.memory
    target = memory.DataOutputSerializer(64)
    write(target)
    return memory.DataInputDeserializer(target.getCopyOfBuffer())


@pytest.mark.parametrize("name", SERIALIZERS)
def test_a_state_of_this_layout_is_taken(name: str) -> None:
    before = snapshot(name)
    before.readSnapshot(before.getCurrentVersion(), written(snapshot(name).writeSnapshot), None)
    assert snapshot(name).resolveSchemaCompatibility(before).isCompatibleAsIs()


@pytest.mark.parametrize("name", SERIALIZERS)
def test_a_state_of_another_is_refused(name: str) -> None:
    first = snapshot(name)
    first.readSnapshot(BEFORE_LAYOUTS, written(lambda target: target.writeUTF(f"ovation.{name}")), None)
    assert snapshot(name).resolveSchemaCompatibility(first).isIncompatible()
    later = snapshot(name)
    later.readSnapshot(later.getCurrentVersion(), written(lambda target: target.writeInt(99)), None)
    assert snapshot(name).resolveSchemaCompatibility(later).isIncompatible()
