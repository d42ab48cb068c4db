"""Rules on markup that MyST does not understand, or not as it was meant, and so prints or loses.

``syntax`` is about LaTeX and bookdown, ``knitr``, ``divisions`` and ``foreign`` about R Markdown,
Quarto and pandoc, ``markup`` about HTML; ``near_markup``, ``unclosed`` and ``mistyped_blocks``
about MyST that is written nearly right. ``divisions.short`` cuts a text for a message.
"""
