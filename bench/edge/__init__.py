"""The gateway beside servers that do less of the same work, on the same library and with the same settings."""
