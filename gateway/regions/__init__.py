"""What a gateway knows of the other regions: whether their records arrive, and what their clocks say."""
