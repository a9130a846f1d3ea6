"""Many voters in one poll, through several gateways, until the result is final and the same everywhere."""
