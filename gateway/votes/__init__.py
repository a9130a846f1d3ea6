"""Votes: checked one by one, and written to Kafka in micro-batches before anybody is told that they count."""
