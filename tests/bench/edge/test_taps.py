"""What is counted is right; how fast anything is, is not asked here."""

from bench import taps
from local.settings import StackSettings


def test_every_server_takes_every_request(settings: StackSettings) -> None:
    found = taps.measure(settings, viewers=50, streams=4, many=20, connections=10, seconds=0.3, rounds=1)
    assert set(found) == {"ours", taps.BARE, taps.PLAIN, "one stream", "many streams"}
    for (done,) in found.values():
        assert done.taken == done.answers >= 10
    assert all(figure.judged.median > 0 for figure in taps.findings(found, 20))
