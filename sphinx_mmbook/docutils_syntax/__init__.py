"""The syntax of reStructuredText, as docutils reads it; without Sphinx, and of ours nobody."""
