"""English: which words do not go together, which are misspelt, and what a word can be.

What rules on language look up; the rules themselves are in ``core/rules/english``.
"""
