"""The formulae of docs/capacity.md, one function each. Taps are Poisson; rates are a second, times seconds."""

import numpy as np

from ovation.capacity.crowd import Floats


def flush_period(edge_taps: float, flush_s: float) -> float:
    """Return the mean time between two flushes of a gateway with so many taps.

    The next comes after `flush_s` if anything was tapped meanwhile, else with the next tap.
    """
    return flush_s + float(np.exp(-edge_taps * flush_s)) / edge_taps


def records(taps: Floats, edge_taps: float, flush_s: float, window_s: float) -> Floats:
    """Return the records that one gateway writes of streams with so many `taps` there, of `edge_taps` in all.

    A flush after `flush_s` has a record of each stream that was tapped in it, one that a tap began has that tap alone.
    A flush over the end of a window has two records where both sides were tapped.
    """
    apart = np.exp(-edge_taps * flush_s)
    flushed = (-np.expm1(-taps * flush_s) + apart * taps / edge_taps) / flush_period(edge_taps, flush_s)
    return np.asarray(flushed + both_sides(taps, flush_s) / window_s, dtype=np.float64)


def both_sides(rate: Floats, span_s: float) -> Floats:
    """Return the probability that events of a `rate` come on both sides of a border somewhere in `span_s`."""
    mean = np.maximum(rate * span_s, 1e-6)
    return np.asarray(1 + np.exp(-mean) + 2 * np.expm1(-mean) / mean, dtype=np.float64)


def empty_batch(record_rate: Floats, period_s: float, gateways: Floats, batch_s: float) -> Floats:
    """Return the probability that a batch has no record of a stream that so many gateways write at `record_rate` each.

    A gateway has a record in every flush, a `period_s` apart, with the same probability; a batch of `batch_s` holds as
    many flushes as fit, and one more with the probability of what is left. Gateways flush each for itself.
    """
    chance = np.clip(record_rate * period_s, 0.0, 1.0)
    whole, part = divmod(batch_s / period_s, 1.0)
    return np.asarray(((1 - chance) ** whole * (1 - part * chance)) ** gateways, dtype=np.float64)


def pictures(changes: Floats, batch_s: float, interval_s: float) -> Floats:
    """Return the messages that a screen is shown of a stream with so many `changes`, each at the end of a batch.

    The next comes after the interval if anything changed meanwhile, else with the next change.
    """
    chance = np.clip(changes * batch_s, 1e-12, 1 - 1e-12)
    quiet = np.exp(interval_s / batch_s * np.log1p(-chance))
    return np.asarray(np.where(changes > 0, 1 / (interval_s + quiet / np.maximum(changes, 1e-12)), 0.0))


def rows_written(emoji_taps: Floats, batch_s: float) -> Floats:
    """Return the rows sent to ClickHouse of a stream and emoji with so many taps: windows, minutes and hours.

    A batch of a window's length lies over two windows, anywhere between: each is written if it was tapped in its part.
    """
    mean = np.maximum(emoji_taps * batch_s, 1e-12)
    tapped = -np.expm1(-mean)
    return np.asarray((2 * (1 - tapped / mean) + 2 * tapped) / batch_s, dtype=np.float64)


def rows_kept(emoji_taps: Floats, seconds: float) -> Floats:
    """Return the rows that stand of a stream and emoji after so long: a window, minute, hour each that was tapped."""

    def tapped(span_s: float) -> Floats:
        return np.asarray(-np.expm1(-emoji_taps * min(span_s, seconds)) * max(1.0, seconds / span_s))

    return tapped(1.0) + tapped(60.0) + tapped(3600.0)


def named(viewers: Floats, taps: Floats, sample: int, *, first_minute: bool = False) -> Floats:
    """Return how many of so many viewers one gateway names in a minute with so many taps of theirs.

    All who tap while they are no more than the sample. Where they are more, in the first minute the level rises while
    they come, and every step names half a sample more; later minutes begin at the level.
    """
    tapping = viewers * -np.expm1(-taps / np.maximum(viewers, 1e-12))
    above = np.log2(np.maximum(tapping / sample, 1.0)) * sample / 2 if first_minute else 0.0
    return np.asarray(np.minimum(tapping, sample) + above, dtype=np.float64)
