"""Rules on a page as readers see it: titles and headings, formulas, what is printed badly.

``headings`` asks for titles and levels, ``outline`` for the form of headings, captions and lists;
``formulas`` for what can be set at all, ``formula_signs`` for how; ``typography`` for the rest.
"""
