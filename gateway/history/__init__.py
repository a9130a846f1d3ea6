"""What ClickHouse remembers, read only: for receipts and recounts. No tap and no vote waits for it."""
