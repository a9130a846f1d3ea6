"""Sinks: vectorised functions whose write is finished before they return.

Flink finishes a bundle of rows before it lets a checkpoint's barrier pass, so what a checkpoint covers has been
written: delivery is at least once. Every write says an absolute number and is refused when a newer one stands there,
so writing again changes nothing: together, effectively once, with no transaction on the way to the screen.
"""
