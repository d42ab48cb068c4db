"""Names of people as BibTeX writes them: ``Ludwig van Beethoven and Bach, Johann Sebastian``."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from sphinx_mmbook.core import expressions as re
from sphinx_mmbook.core.bib.latex_text import plain_text

#: A brace, a separator or a run of anything else; spaces and ``~`` separate the words of a name.
_TOKENS = re.compile(r"[{}]|,|[\s~]+|[^{},\s~]+")


class PersonName(NamedTuple):
    """A person or a body. ``family`` includes particles ("van den Oord"); a body has nothing else.

    All text is plain: accents are characters, braces are gone.
    """

    family: str
    given: str = ""
    suffix: str = ""

    @property
    def is_others(self) -> bool:
        """Whether this is the ``and others`` that ends a list."""
        return self.family == "others" and not self.given


@cache
def parse_persons(text: str) -> tuple[PersonName, ...]:
    """Return the people of an ``author`` or ``editor`` field; empty names are left out."""
    people = []
    for parts in split_names(text):
        person = _person([words for words in parts if words])
        if person:
            people.append(person)
    return tuple(people)


def split_names(text: str) -> list[list[list[str]]]:
    """Split a list of names into names, their parts (at commas) and words. Braces hold together."""
    names: list[list[list[str]]] = [[[]]]
    depth = 0
    glue = False  # whether the next piece continues the last word
    for piece in _TOKENS.findall(text):
        depth = max(0, depth + (piece == "{") - (piece == "}"))
        parts = names[-1]
        if depth or piece in "{}":
            glue = _append(parts[-1], piece, glue)
        elif piece == ",":
            parts.append([])
            glue = False
        elif piece[0].isspace() or piece[0] == "~":
            glue = False
        elif piece.lower() == "and" and not glue:
            names.append([[]])
        else:
            glue = _append(parts[-1], piece, glue)
    return names


def _append(words: list[str], piece: str, glue: bool) -> bool:
    if glue and words:
        words[-1] += piece
    else:
        words.append(piece)
    return True


def _person(parts: list[list[str]]) -> PersonName | None:
    if not parts:
        return None
    if len(parts) == 1:
        words = parts[0]
        start = _family_starts(words)
        family, given, suffix = words[start:], words[:start], []
    else:
        family, given, suffix = parts[0], parts[-1], parts[1] if len(parts) > 2 else []
    return PersonName(_text(family), _text(given), _text(suffix))


def _family_starts(words: list[str]) -> int:
    """Return where the family name begins in ``First von Last``: at a small word, else last."""
    small = (index for index, word in enumerate(words[:-1]) if word[0].islower())
    return next(small, len(words) - 1)


def _text(words: list[str]) -> str:
    return plain_text(" ".join(words))
