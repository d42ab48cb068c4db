"""Citations in the text: what a role's text names, and what stands on the page for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sphinx_mmbook.core import expressions as re
from sphinx_mmbook.core.bib.latex_text import plain_text
from sphinx_mmbook.core.translations import Words, words_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sphinx_mmbook.core.bib.entry import BibEntry

#: The roles of sphinxcontrib-bibtex; an ``s`` at the end names all authors.
ROLES = (
    "p", "ps", "t", "ts", "ct", "cts", "empty", "alp", "alps", "label", "labelpar", "year",
    "yearpar", "author", "authors", "authorpar", "authorpars", "cauthor", "cauthors",
)  # fmt: skip
_TARGET = re.compile(r"\s*+(?:\{([^{}]*)\})?\s*+([^{}\s,]++)\s*+(?:\{([^{}]*)\})?\s*+(,|$)")


class Target(NamedTuple):
    """One work of a citation: ``{see}key{p. 5}``."""

    key: str
    pre: str = ""
    post: str = ""


class Part(NamedTuple):
    """A piece of a citation; ``key`` names the entry that it leads to, if any."""

    text: str
    key: str = ""


def other_capitals(key: str, known: str) -> str:
    """Return what to say of a key that is spelt with other capitals in the bibliography."""
    return f"the key '{key}' is written '{known}' in the bibliography; write that"


def malformed(text: str) -> str:
    """Say that a role's text is not a list of keys."""
    return f"'{' '.join(text.split())}' is not a list of keys; write 'key, {{see}}key{{p. 5}}'"


def parse_targets(text: str) -> tuple[Target, ...]:
    """Return the works that a role's text names.

    :raises ValueError: if the text is not ``{prefix}key{locator}, …``.
    """
    targets, position = [], 0
    while True:
        found = _TARGET.match(text, position)
        if found is None:
            raise ValueError(malformed(text))
        targets.append(Target(found[2], (found[1] or "").strip(), (found[3] or "").strip()))
        if not found[4]:
            return tuple(targets)
        position = found.end()


def key_spans(text: str) -> tuple[tuple[int, int], ...]:
    """Return begin and end of each key in a role's text; nothing if it is not a list of keys."""
    spans, position = [], 0
    while found := _TARGET.match(text, position):
        spans.append(found.span(2))
        if not found[4]:
            return tuple(spans)
        position = found.end()
    return ()


class AuthorYear(NamedTuple):
    """What stands for a work in the text. ``year`` includes the letter that tells works apart."""

    short: str
    full: str
    year: str
    letter: str = ""


def author_years(entries: Iterable[BibEntry], language: str) -> dict[str, AuthorYear]:
    """Return what stands for each work that a book cites, sorted as they are listed.

    Works whose labels would be the same get letters: 2014a, 2014b (n.d.-a where there is no year).
    """
    words = words_of(language)
    plainly = {entry.key: _label(entry, words) for entry in entries}
    titles = {entry.key: plain_text(entry.get("title")) for entry in entries}
    alike: dict[tuple[str, str], list[str]] = {}
    for key in sorted(plainly, key=lambda key: (titles[key].casefold(), key)):
        alike.setdefault((plainly[key].short, plainly[key].year), []).append(key)
    for (_, year), keys in alike.items():
        for number, key in enumerate(keys if len(keys) > 1 else ()):
            letter = ("" if year[-1:].isdigit() else "-") + _letter(number)
            one = plainly[key]
            plainly[key] = AuthorYear(one.short, one.full, year + letter, letter)
    return plainly


def _label(entry: BibEntry, words: Words) -> AuthorYear:
    people = entry.authors or entry.editors
    names = [person.family or person.given for person in people if not person.is_others]
    others = len(names) < len(people)
    year = plain_text(entry.get("year")) or words.no_date
    if not names:
        body = plain_text(entry.get("organization", "institution", "title")) or entry.key
        return AuthorYear(body, body, year)
    short = f"{names[0]} {words.et_al}" if len(names) > 2 or others else words.joined(names)
    full = f"{', '.join(names)} {words.et_al}" if others else words.joined(names)
    return AuthorYear(short, full, year)


def _letter(number: int) -> str:
    """Return a, b, …, z, aa, ab, …"""
    letters = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("a") + rest) + letters
    return letters


def cite(
    role: str, targets: Iterable[Target], known: Mapping[str, AuthorYear], language: str
) -> tuple[Part, ...]:
    """Return what stands on the page for ``{cite:role}``; an unknown key stands as ``key?``."""
    full, kind = role.endswith("s"), role.removesuffix("s")
    if kind == "empty":
        return ()
    works = [(target, known.get(target.key), full) for target in targets]
    if kind in ("t", "ct"):
        groups = [_textual(*work) for work in works]
        parts = _joined(groups, words_of(language))
    else:
        parts = _parenthetical(kind, works)
    if kind.startswith("c") and parts:
        first = parts[0]
        parts = [Part(first.text[:1].upper() + first.text[1:], first.key), *parts[1:]]
    return tuple(parts)


def _unknown(target: Target) -> Part:
    return Part(f"{target.key}?")


def _textual(target: Target, label: AuthorYear | None, full: bool) -> list[Part]:
    """``Lin et al. (2014)``, with prefix and locator inside of the parentheses."""
    if label is None:
        return [_unknown(target)]
    inside = f"{target.pre} {label.year}" if target.pre else label.year
    inside = f"{inside}, {target.post}" if target.post else inside
    return [Part(f"{label.full if full else label.short} ({inside})", target.key)]


def _joined(groups: list[list[Part]], words: Words) -> list[Part]:
    """Join works as in a sentence: ``A (1) and B (2)``."""
    parts: list[Part] = []
    for index, group in enumerate(groups):
        if index:
            last = index == len(groups) - 1
            parts.append(Part(words.separator(len(groups)) if last else ", "))
        parts += group
    return parts


def _parenthetical(kind: str, works: list[tuple[Target, AuthorYear | None, bool]]) -> list[Part]:
    """``(see Lin et al., 2014, p. 5; Cornia et al., 2020)``, or names or years alone."""
    parts: list[Part] = []
    before: tuple[Target, AuthorYear | None] | None = None
    for target, label, full in works:
        follows = kind in ("p", "alp") and _follows(before, target, label)
        if parts:
            parts.append(Part(", " if follows else "; "))
        if target.pre:
            parts.append(Part(f"{target.pre} "))
        parts.append(_unknown(target) if label is None else Part(
            label.year if follows else _text(kind, label, full), target.key
        ))  # fmt: skip
        if target.post:
            parts.append(Part(f", {target.post}"))
        before = target, label
    if kind == "p" or kind.endswith("par"):
        parts = [Part("("), *parts, Part(")")]
    return parts


def _follows(
    before: tuple[Target, AuthorYear | None] | None, target: Target, label: AuthorYear | None
) -> bool:
    """Whether a work has the names of the one before it and shows only its year: 2014a, 2014b."""
    if before is None or before[1] is None or label is None:
        return False
    return before[1].full == label.full and not (before[0].post or target.pre)


def _text(kind: str, label: AuthorYear, full: bool) -> str:
    names = label.full if full else label.short
    if kind.startswith("year"):
        return label.year
    return names if "author" in kind else f"{names}, {label.year}"
