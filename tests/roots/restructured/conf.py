"""A project that has pages in reStructuredText alone."""

project = "Restructured"
extensions = ["sphinx_mmbook"]
numfig = True
