"""One reader for each file format, from bytes to a data frame; nothing in a file is executed."""
