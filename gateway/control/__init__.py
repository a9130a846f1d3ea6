"""Streams and polls: what they are, where they are kept, and how every gateway comes to know them."""
