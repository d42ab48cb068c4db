"""The pure part: frozen dataclasses and functions over them. No Sphinx, no docutils, no Jupyter."""
