"""What is counted is right; how fast anything is, is not asked here."""

from bench import frames
from local.settings import StackSettings


def test_every_server_takes_every_frame(settings: StackSettings) -> None:
    found = frames.measure(settings, sockets=20, streams=4, taps=20, bursts=(1, 8), seconds=0.3, rounds=1)
    assert set(found) == {(name, burst) for name in ("ours", frames.DECODING, frames.BARE) for burst in (1, 8)}
    for (_, burst), (done,) in found.items():
        assert done.frames >= 20 * burst
        assert done.frames % burst == 0
        assert done.refused == 0
    assert [figure.judged.median > 0 for figure in frames.findings(found, (1, 8))] == [True] * 4
