"""Rules on what is referred to, and on references: labels, figures, captions, links, numbers.

``labels`` and ``references`` are the two ends; ``links`` goes to pages and files; ``numbers``
finds what the book counts by itself, ``number_signs`` points and commas; ``figures``
judges image files, ``captions`` their text.
"""
