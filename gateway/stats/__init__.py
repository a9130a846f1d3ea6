"""What a gateway sees of each stream just now. It is measured where messages and records pass, never for each tap."""
