"""How often each part works on what has gathered: settings of gateways and jobs, in seconds."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pace:
    """As they are by default; tests hold them to the programs' own settings."""

    flush_s: float = 0.025
    """Of a gateway: OVATION_FLUSH_MS."""
    live_batch_s: float = 0.020
    """Mini-batch of the deployments for screens: OVATION_LIVE_BATCH_MS."""
    history_batch_s: float = 1.0
    """Mini-batch of those for history: OVATION_HISTORY_BATCH_MS."""
    window_s: float = 1.0
    presence_s: float = 1.0
    """How often a gateway reads how many watch a stream elsewhere."""
    resync_s: float = 5.0
    """How often it writes its own number, and reads a stream's whole state again."""
    sample: int = 1_024
    """The most viewers of a stream and minute that one gateway names: contracts.reactors.SAMPLE."""
