import pytest

from gateway.auth import Viewer, participant
from gateway.refusal import Refused


def test_overlay_does_not_take_part() -> None:
    with pytest.raises(Refused) as refused:
        participant(Viewer("o", "cup", "overlay", 0))
    assert refused.value.problem.name == "role-not-allowed"


def test_viewer_does() -> None:
    viewer = Viewer("v", "cup", "viewer", 0)
    assert participant(viewer) is viewer
