"""Fills an emptied Redis from the history: what nobody taps or votes for any more, no job will write again."""
