"""The command line, ``mmbook``: one file per command."""
