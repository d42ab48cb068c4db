"""Rules on a book as a whole: its setting up, its files, and what a chapter says of itself.

``files`` is about names and places of files, ``contents`` and ``text`` about what is inside of
them, ``chapter`` about front matter, ``bylines`` about people.
"""
