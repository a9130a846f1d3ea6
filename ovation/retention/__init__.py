"""`ovation retention`: how long each table of the history is kept."""
