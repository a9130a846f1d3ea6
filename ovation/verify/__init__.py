"""Whether live, history, screens and what was promised are the same numbers."""
