"""``python -m sphinx_mmbook.cli``, where the script ``mmbook`` is not on the path."""

from sphinx_mmbook.cli import entry

entry()
