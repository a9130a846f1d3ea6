"""The commands, one per file. Each imports what it works with when it is called, so that `--help` is quick."""
