"""Kafka's access control lists, brought to what `contracts.kafka_rights` says."""

from collections.abc import Sequence

from kafka.admin import (
    ACL,
    ACLOperation,
    ACLPermissionType,
    ResourcePattern,
    ResourceType,
)
from kafka.errors import KafkaError

from contracts.kafka_login import KafkaLogin
from contracts.kafka_rights import Right, rights
from ovation.errors import OvationError
from ovation.kafka_admin import connected


def grant_rights(bootstrap: str, login: KafkaLogin, timeout_s: float = 30.0, other_regions: Sequence[str] = ()) -> None:
    """Allow each program what it needs, also of what is mirrored from other regions.

    What is allowed already stays, and what else is allowed is left alone. Raises OvationError when Kafka refuses, as
    one does that asks nobody for a name, or cannot be reached in time.
    """
    try:
        with connected(bootstrap, login, timeout_s) as admin:
            refused = admin.create_acls([_acl(right) for right in rights(other_regions)])["failed"]
    except KafkaError as error:
        raise OvationError(f"Kafka at {bootstrap} gives no rights: {error}. {login.doubt}") from error
    if refused:
        raise OvationError(f"Kafka at {bootstrap} gives no rights: {refused[0].description}")


def _acl(right: Right) -> ACL:
    return ACL(
        principal=f"User:{right.user}",
        host="*",
        operation=ACLOperation[right.may.upper()],
        permission_type=ACLPermissionType.ALLOW,
        resource_pattern=ResourcePattern(ResourceType[right.kind.upper()], right.name),
    )
