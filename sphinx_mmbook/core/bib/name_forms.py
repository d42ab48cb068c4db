"""One person, journal or publisher, written in two ways in one book's bibliographies."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from functools import cache
from itertools import combinations
from typing import TYPE_CHECKING

from sphinx_mmbook.core import expressions as re
from sphinx_mmbook.core.bib.latex_text import plain_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sphinx_mmbook.core.bib.entry import BibEntry

_VENUES = ("journal", "booktitle", "publisher")
#: Words that an abbreviated name leaves out.
_LEFT_OUT = frozenset({"a", "an", "and", "the", "of", "for", "in", "on", "&", "de", "und", "der"})


def other_forms(entries: Iterable[BibEntry]) -> Iterator[tuple[BibEntry, str, str, str]]:
    """Yield where a name is written in another way than elsewhere, more often: field, both forms.

    People have the same letters but for accents, capitals and one of the family's, or family and
    given names swapped; a journal has the same words, or begins of them: "J. Mach. Learn. Res.".
    """
    people: dict[str, dict[str, list[tuple[BibEntry, str]]]] = defaultdict(dict)
    venues: dict[str, dict[str, list[tuple[BibEntry, str]]]] = defaultdict(dict)
    families: dict[str, dict[str, str]] = defaultdict(dict)
    for entry in entries:
        for field, persons in (("author", entry.authors), ("editor", entry.editors)):
            for person in persons:
                # How initials are typed is the style's to say.
                name = f"{person.given} {person.family}".replace(".", "")
                if person.given and not re.search(r"\d|\b[A-Z]{2}", name):
                    people[_letters(name)].setdefault(name, []).append((entry, field))
                    families[_letters(person.given)][_letters(person.family)] = name
        for field in _VENUES:
            if name := _venue(entry.get(field)):
                venues["".join(word[0] for word in _words(name))].setdefault(name, []).append(
                    (entry, field)
                )
    for forms in people.values():
        yield from _fewer(forms)
    for pair in _one_person(families):
        yield from _fewer({name: people[_letters(name)][name] for name in pair})
    for forms in venues.values():
        for same in _same_venues(forms):
            yield from _fewer(same)


def _one_person(families: dict[str, dict[str, str]]) -> Iterator[tuple[str, str]]:
    """Yield two names that are likely to be one person's: by given names, the families."""
    for given, names in families.items():
        near: dict[str, list[str]] = defaultdict(list)
        for family in names if len(given) > 2 else ():
            for key in dict.fromkeys((family, *_shorter(family))):
                near[key].append(family)
        for one, other in dict.fromkeys(p for some in near.values() for p in combinations(some, 2)):
            if _is_slip(one, other, given):
                yield names[one], names[other]
        for family, name in names.items():
            other = families.get(family, {}).get(given, "")
            if other and given < family and len(given + family) >= _SWAPPED:
                yield name, other


#: Shorter families, and names with their parts swapped, are those of many people.
_FAMILY, _SWAPPED = 5, 9


def _shorter(family: str) -> list[str]:
    """Return a family without each of its letters: those with one letter's difference share one."""
    return [family[:at] + family[at + 1 :] for at in range(len(family))]


def _is_slip(one: str, other: str, given: str) -> bool:
    """Whether families differ by a letter too many, two swapped, or one in another's place."""
    short, long = sorted((one, other), key=len)
    if len(short) < _FAMILY:
        return False
    if len(short) < len(long):
        return short in _shorter(long)
    differ = sum(a != b for a, b in zip(one, other, strict=True))
    return differ == 2 if sorted(one) == sorted(other) else differ == 1 and len(given) > _FAMILY


#: Words that an abbreviated name of a journal has.
_SHORT = re.compile(
    r"\b(?:Acad|Agric|Am|Anal|Ann|Appl|Assoc|Biol|Chem|Clin|Cogn|Commun|Comput|Econ|Eng|Environ|Eur"
    r"|Exp|Geophys|Graph|Inst|Int|J|Lett|Mach|Math|Med|Mol|Multivar|Neurosci|Nat|Phys|Proc|Psychol|Res"
    r"|Rev|Sci|Soc|Stat|Surv|Syst|Trans)\b"
)
_ACRONYM = re.compile(r"^(?:[A-Z]{3,8}|NeurIPS|NeurIps|Interspeech|CoNLL)$")
#: So many journals, and so few of them in short, that those are exceptions.
_JOURNALS, _RARE = 8, 0.3


def shortened(entries: list[BibEntry]) -> Iterator[tuple[BibEntry, str, str, int, int]]:
    """Yield journals and conferences in short where most are not: field, name, how many of all."""
    for field, short in (("journal", _SHORT), ("booktitle", _ACRONYM)):
        names: dict[bool, dict[str, BibEntry]] = {True: {}, False: {}}
        for entry in entries:
            name = _venue(entry.get(field))
            if (" " in name or field == "booktitle") and not re.search(r"[:/—]|^$", name):
                names[bool(short.search(name))].setdefault(name, entry)
        total = len(names[True]) + len(names[False])
        if total >= _JOURNALS and len(names[True]) < _RARE * total:
            for name, entry in names[True].items():
                yield entry, field, name, len(names[False]), total


def _fewer(
    forms: dict[str, list[tuple[BibEntry, str]]],
) -> Iterator[tuple[BibEntry, str, str, str]]:
    if len(forms) > 1:
        usual = max(forms, key=lambda form: (_capitals(form), len(forms[form]), len(form), form))
        for form, uses in forms.items():
            if form != usual:
                for entry, field in uses:
                    yield entry, field, form, usual


def _capitals(form: str) -> int:
    """Count the words with a capital: names of journals lose theirs, and people too."""
    return sum(
        word[0].isupper() and not word.isupper() for word in re.split(r"[\s-]+", form) if word
    )


@cache
def _letters(name: str) -> str:
    """Return a name's letters, of whatever script, without accents and capitals."""
    if not name.isascii():
        name = unicodedata.normalize("NFKD", name.replace("ł", "l").replace("Ł", "L"))
    return "".join(re.findall(r"[^\W\d_]", name.casefold()))


@cache
def _venue(text: str) -> str:
    """Return the name of a journal, without what is in parentheses; not arXiv's numbers."""
    name = plain_text(text)
    return "" if re.search(r"\d|arxiv", name, re.IGNORECASE) else name.partition(" (")[0]


@cache
def _words(name: str) -> tuple[str, ...]:
    return tuple(w for w in re.findall(r"[^\W\d_]+|&", name.lower()) if w not in _LEFT_OUT)


def _same_venues(
    forms: dict[str, list[tuple[BibEntry, str]]],
) -> Iterator[dict[str, list[tuple[BibEntry, str]]]]:
    """Group names of the same initials: each word of one begins the word of the other."""
    left = sorted(forms, key=len, reverse=True)
    while left:
        first, *rest = left
        same = [name for name in rest if _abbreviates(name, first)]
        yield {name: forms[name] for name in (first, *same)}
        left = [name for name in rest if name not in same]


def _abbreviates(short: str, long: str) -> bool:
    pairs = list(zip(_words(short), _words(long), strict=True))
    stopped = "." in short
    return len(pairs) > 1 and all(
        there == here or (stopped and there.startswith(here)) for here, there in pairs
    )
