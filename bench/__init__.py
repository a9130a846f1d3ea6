"""Runs that measure the whole system on one machine and print their setting beside the result."""
