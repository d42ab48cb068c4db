"""Rules on English: spelling, words, punctuation. The rows of words are in ``core.english``.

Begin with ``spelling``: where a word stands, and whether it is plain text (``places``,
``is_plain``). ``grammar``, ``commas`` and ``usage`` read tables of rows; ``variants`` and
``known_words`` compare the words of the whole book; ``signs`` is what is between words.
"""
