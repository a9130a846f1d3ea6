import re

from gateway.voter import voter

SECRET = b"s" * 32


def test_is_22_characters_of_base64url() -> None:
    assert re.fullmatch(r"[A-Za-z0-9_-]{22}", voter(SECRET, "stream", "poll", "viewer"))


def test_is_the_same_for_the_same_viewer_and_poll() -> None:
    assert voter(SECRET, "stream", "poll", "viewer") == voter(SECRET, "stream", "poll", "viewer")


def test_differs_by_secret_stream_poll_and_viewer() -> None:
    voters = {
        voter(SECRET, "stream", "poll", "viewer"),
        voter(b"t" * 32, "stream", "poll", "viewer"),
        voter(SECRET, "stream-2", "poll", "viewer"),
        voter(SECRET, "stream", "poll-2", "viewer"),
        voter(SECRET, "stream", "poll", "viewer-2"),
    }
    assert len(voters) == 5


def test_does_not_change_between_versions() -> None:
    """A gateway that computed it otherwise would let everybody vote again."""
    assert voter(b"k" * 32, "cup-final", "man-of-the-match", "viewer-1") == "WbVks040vxsbDgUQhuYGgQ"
