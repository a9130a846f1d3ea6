"""The live picture: read from Redis, kept in memory, and pushed to every screen that watches."""
