import pytest

from gateway.auth import Role, Viewer, participant
from gateway.refusal import Refused


@pytest.mark.parametrize("role", ["overlay", "invite"])
def test_only_a_viewer_takes_part(role: Role) -> None:
    with pytest.raises(Refused) as refused:
        participant(Viewer("o", "cup", role, 0))
    assert refused.value.problem.name == "role-not-allowed"


def test_viewer_does() -> None:
    viewer = Viewer("v", "cup", "viewer", 0)
    assert participant(viewer) is viewer
