"""Taps: checked, added up in memory, and written to Kafka as sums."""
