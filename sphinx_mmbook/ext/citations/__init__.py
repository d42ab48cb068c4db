"""Citations and lists of works, in place of the formatting of sphinxcontrib-bibtex."""
