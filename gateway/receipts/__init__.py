"""Receipts of votes: what stands in Kafka for a vote, what its viewer holds, and what became of it."""
