"""A simulated crowd that taps and votes, and keeps its own account of what it was promised."""
