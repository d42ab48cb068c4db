"""Words that stand once in a book and are nearly another word.

What no list of slips has is told from rare words by a list that is made by
``docs/make_known_words.py`` from the dictionaries of SCOWL
(http://wordlist.aspell.net) and from lists of words of the field (cspell-dicts, MIT).
pyspellchecker 0.9.1 was tried: it takes 0.24 s to load, a third of a check of twenty chapters, and
names 426 words of twenty theses, half of which are right ("favoured", "preprocessing"). By this
list, which takes 10 ms, some eighty words are named, and nine in ten of them are slips.

The first line has the words that people misspell. Each other line has the words that begin with the
same four letters and would be taken for a slip of one of those, if they were not listed:
``,perceptron,perceptual,…,``.
"""

from __future__ import annotations

import gzip
from collections import Counter
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from sphinx_mmbook.core import expressions as re
from sphinx_mmbook.core.english.misspellings import corrections, is_known, is_slip
from sphinx_mmbook.core.english.word_classes import word_classes
from sphinx_mmbook.core.finding import Finding
from sphinx_mmbook.core.rules.english.spelling import first_place
from sphinx_mmbook.core.rules.registry import found, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx_mmbook.core.book.book import Book
    from sphinx_mmbook.core.finding import Location
    from sphinx_mmbook.core.pages.page import Page

FILE = Path(__file__).with_name("known-words.txt.gz")
#: Shorter words are near too many others, and those up to here near some: notes.
SHORTEST, _SHORT = 4, 5
_PLAIN = re.compile(r"[A-Za-z][a-z]{3,}")
#: A word of so many letters is looked for among the book's own.
_LONG = 8
#: A word that stands so often is one of the book's own; a slip may be made so often, and one that
#: only a dictionary tells.
_OFTEN, _FEW, _MANY = 3, 2, 4
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


@cache
def _lists() -> tuple[frozenset[str], dict[str, str]]:
    """Return the words that are misspelt often, and the others by their first four letters."""
    often, *lines = gzip.decompress(FILE.read_bytes()).decode("ascii").splitlines()
    return frozenset(often.split(",")), {line[1:5]: line for line in lines}


def slips(word: str) -> set[str]:
    """Return all words that are one letter more, less or other, or two letters swapped, away."""
    parts = [(word[:i], word[i:]) for i in range(len(word) + 1)]
    swapped = {a + b[1] + b[0] + b[2:] for a, b in parts if len(b) > 1}
    fewer = {a + b[1:] for a, b in parts if b}
    other = {a + letter + b[1:] for a, b in parts if b for letter in _LETTERS}
    more = {a + letter + b for a, b in parts for letter in _LETTERS}
    return swapped | fewer | other | more


def _holes(word: str) -> set[str]:
    """Return a word with each of its letters left out: slips have one of them in common."""
    return {word[:at] + word[at + 1 :] for at in range(len(word))} | {word}


def _is_mistyped(word: str, other: str) -> bool:
    """Whether a word has a letter of another one elsewhere, or one more or less of them.

    One in the place of another makes words: "quartile" and "quantile"; one at the begin makes names
    of short words: "ggraph", "rsample".
    """
    same = len(word) != len(other) or sorted(word) == sorted(other)
    begin = 1 if len(word) >= _LONG or len(word) == len(other) else 2
    end = 1 if len(word) <= _SHORT else 2
    return same and word[:begin] == other[:begin] and word[-end:] == other[-end:]


def _is_word(word: str) -> bool:
    """Whether one of the lists has a word."""
    often, others = _lists()
    return word in often or f",{word}," in others.get(word[:4], "") or word in word_classes()


#: Ends with which English makes words, and the ends of stems that have none of them.
_ENDS = {
    "y": "eywh", "ish": "ey", "ness": "y", "less": "y", "able": "cegy", "like": "y", "wise": "y",
    "hood": "y", "ship": "y", "er": "er", "ers": "er", "esque": "y",
}  # fmt: skip
_BEGINS = ("re", "non", "pre", "sub", "multi", "over", "inter", "super", "semi")
#: A consonant that stands twice after one vowel: "spotty".
_TWICE = re.compile(r"(?<![aeiou])[aeiou]([bdgklmnprt])\1\Z")


def _is_made(word: str) -> bool:
    """Whether a word is made of one that a list has: "bursty" of "burst", "multistep"."""
    stems = [
        stem
        for end, not_at in _ENDS.items()
        if (stem := word.removesuffix(end)) != word and stem[-1:] not in not_at
    ]
    stems += [stem[:-1] for stem in stems if _TWICE.search(stem)]
    stems += [f"{stem}e" for stem in stems]
    stems += [word.removeprefix(one) for one in _BEGINS if word.startswith(one)]
    # Of short words, only those that are usual: "overrall" is not made of "rall".
    return any(
        len(stem) >= SHORTEST and (_is_word(stem) if len(stem) > _SHORT else stem in word_classes())
        for stem in stems
    )


#: So end names of packages, and no word: "readr", "smoothr".
_PACKAGE = re.compile(r"[^aeiouy]r\Z")


def meant(word: str) -> set[str]:
    """Return what a word of small letters may be a slip of: nothing for a word that is right."""
    if len(word) < SHORTEST or _is_word(word) or _PACKAGE.search(word):
        return set()
    words = slips(word) & _lists()[0]
    return {one for one in words if _is_mistyped(word, one)} if len(word) <= _SHORT else words


#: In italics are words of other languages and names of variables; after a hyphen, half a word.
_SET_OFF = re.compile(r"(?:[*_]|[*_][A-Z][\w.]* |\w- )\Z")


def _is_set_off(page: Page, at: Location, word: str) -> bool:
    """Whether a word is a name or another language's: in italics, in quotes, among names."""
    before, after = page.line(at)[: at.column - 1], page.line(at)[at.column - 1 + len(word) :]
    quoted = before[-1:] in ('"', "“", "'") and after[:1] in ('"', "”", "'")
    beside = (*_BEFORE.findall(before[-40:]), *_AFTER.findall(after[:40]))
    listed = any(len(one) >= SHORTEST and not _is_word(one.lower()) for one in beside)
    return quoted or listed or bool(_SET_OFF.search(before[-40:]))


#: Words beside one in a list: of names, if no dictionary has them, such as "dplyr, purrr, stringr".
_BEFORE, _AFTER = re.compile(r"\b(\w+), \Z"), re.compile(r"\A, (\w+)")


@rule("warning")
def word_once(book: Book) -> Iterator[Finding]:
    """A word that appears a few times is nearly another: one of the book's, or a usual one.

    Bad: ``the constrastive loss`` in a book that has ``contrastive`` many times; ``a reistance``;
    as notes ``sparce``, which may be a word, and short words such as ``raher``

    Good: ``the contrastive loss``; ``a resistance``

    Why: no list has all slips; the book has the words of its field, and a dictionary those of all.
    """
    counts: Counter[str] = Counter()
    wholes: list[dict[str, str]] = []  # of each page, the parts of words, and a word that has them
    for page in book.english:
        wholes.append({})
        for word, number in page.prose.words.items():
            for part in word.split("-"):
                if len(part) >= SHORTEST and _PLAIN.fullmatch(part):
                    counts[part.lower()] += number
                    if part == word or (part not in wholes[-1] and word[-1] != "-"):
                        wholes[-1][part] = word
    usual: dict[str, list[str]] = {}
    for word, number in counts.items():
        if number >= _OFTEN and len(word) >= _LONG:
            usual.setdefault(word[:3], []).append(word)
    holes = {hole: word for some in usual.values() for word in some for hole in _holes(word)}
    for page, words in zip(book.english, wholes, strict=True):
        for word, whole in words.items():
            plain = word.islower() or len(word) > _SHORT
            if plain and counts[word.lower()] <= _MANY and not _is_word(word.lower()):
                yield from _nearly(page, word, counts, usual, holes, whole=whole)


def _is_in_code(page: Page, word: str) -> bool:
    """Whether a page's code has a word as well: the name of a variable."""
    cells = (one.text for one in page.positions.values() if one.block.is_code)
    code = (item.body or item.text for item in page.of("code", "code-cell"))
    return any(re.search(rf"(?<!\w){word}(?!\w)", text) for text in (*code, *cells))


def _of_the_book(word: str, count: int, usual: dict[str, list[str]], holes: dict[str, str]) -> str:
    """Return the word that the book has often and that another is nearly, or nothing."""
    if len(word) < _LONG or count > _FEW:
        return ""
    some = [one for one in usual.get(word[:3], ()) if is_slip(word, one)]
    if not some and count == 1:
        near = filter(None, map(holes.get, _holes(word)))
        some = [one for one in near if _is_mistyped(word, one)]
    return some[0] if some else ""


def _nearly(
    page: Page,
    word: str,
    counts: Counter[str],
    usual: dict[str, list[str]],
    holes: dict[str, str],
    *,
    whole: str,
) -> Iterator[Finding]:
    """Find that a word, or a part of a ``whole``, is nearly one of the book's or a usual one."""
    small, count = word.lower(), counts[word.lower()]
    other = _of_the_book(small, count, usual, holes)
    words = set() if other or _is_made(small) else meant(small)
    if count > 1 and (len(words) > 1 or (count > _FEW and len(word) <= _SHORT)):
        return
    if count > 1 or small != whole:  # parts of words are of more kinds: "pharmaco-"
        words = {one for one in words if _is_mistyped(small, one)}
    if word != small:  # a name, if the page has not what is meant, too
        words = {one for one in words if len(one) >= _LONG}
        words = {one for one in words if {one, one.capitalize()} & page.prose.words.keys()}
    if not (other or words) or is_known(small) or corrections({small}) or _is_in_code(page, word):
        return
    at = first_place(page, whole, own=False)
    at = at and at.right(whole.index(word))
    times = {1: "once", 2: "twice"}.get(count, f"{count} times")
    message = f"'{word}' appears {times} in the book"
    if at and other:
        new = other.capitalize() if word.istitle() else other
        yield found(
            at, f"{message}, and '{other}' {counts[other]} times; write '{new}', if that is meant"
        )
    elif at and not _is_set_off(page, at, word):
        here = {one for one in slips(small) - {small} if counts.get(one, 0) >= _OFTEN}
        short = len(word) <= _SHORT
        words = words | here if short else here or words
        new = " or ".join(f"'{one}'" for one in sorted(words)[:3])
        message += f" and looks like a slip of {new}; write that, if it is meant"
        sure = len(words) == 1 and _is_mistyped(small, *words) and page.line(at)[:1] != "|"
        yield Finding(at, "word-once", message, "warning" if sure and not short else "info")
