"""The way from Redis to many screens: what publishes, what watches, and a bare server to hold the gateway against."""
