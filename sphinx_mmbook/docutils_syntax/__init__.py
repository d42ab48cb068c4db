"""The syntax of reStructuredText and of MyST's options, as docutils and MyST-Parser read it.

Without Sphinx, and of ours nobody."""
