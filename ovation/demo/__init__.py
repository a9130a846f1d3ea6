"""The whole system on this machine with a simulated audience, to look at."""
