"""Two regions on this machine, of which one is lost in the middle of a poll and comes back."""
