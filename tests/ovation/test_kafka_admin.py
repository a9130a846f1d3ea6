from typing import Any, cast

import pytest
from kafka import KafkaAdminClient, TopicPartition
from kafka.errors import CoordinatorNotAvailableError, GroupAuthorizationFailedError
from kafka.structs import OffsetAndMetadata

from ovation import kafka_admin

PART = TopicPartition("votes", 0)


class Coordinator:
    """Answers as a broker does: with errors first, and then with one offset."""

    def __init__(self, *errors: type[Exception]) -> None:
        self._errors = list(errors)

    def list_group_offsets(self, groups: dict[str, Any]) -> dict[str, Any]:
        if self._errors:
            raise self._errors.pop(0)
        return {group: {PART: OffsetAndMetadata(7, "", -1)} for group in groups}


def ask(coordinator: Coordinator) -> dict[TopicPartition, int]:
    return kafka_admin.committed(cast("KafkaAdminClient", coordinator), "jobs", [PART])


def test_a_coordinator_that_has_just_started_is_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kafka_admin, "_PAUSE_S", 0)
    assert ask(Coordinator(CoordinatorNotAvailableError, CoordinatorNotAvailableError)) == {PART: 7}


def test_one_that_stays_away_or_refuses_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kafka_admin, "_COORDINATOR_S", 0)
    with pytest.raises(CoordinatorNotAvailableError):
        ask(Coordinator(CoordinatorNotAvailableError, CoordinatorNotAvailableError))
    with pytest.raises(GroupAuthorizationFailedError):
        ask(Coordinator(GroupAuthorizationFailedError))
