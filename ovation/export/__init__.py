"""Takes the rows of a stream from a gateway into one file: page by page, and each row once."""
