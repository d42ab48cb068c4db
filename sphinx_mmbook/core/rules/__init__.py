"""Rules: each a small function over a book, with a level and a docstring to teach by.

A rule's slug is its only name: in the output, in ``mmbook_rules``, in the manual. Each room has the
rules on one subject, a module for each group; ``registry`` lists them and says what a rule is.
``made_elsewhere`` has the rules whose findings a reader or the build makes.
"""
