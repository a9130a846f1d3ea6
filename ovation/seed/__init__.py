"""Past streams that never were, for trying queries and for measuring them: the same seed makes the same ones."""
