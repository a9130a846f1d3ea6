"""`Idempotency-Key`: a write that is sent again is answered again, and done once, whichever gateway it comes to."""
