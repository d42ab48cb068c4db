"""The same work under several keys."""

from __future__ import annotations

from collections import defaultdict
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from sphinx_mmbook.core.bib.judging import ARXIV_DOI
from sphinx_mmbook.core.bib.latex import plain
from sphinx_mmbook.core.bib.library import essence

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sphinx_mmbook.core.bib.entry import BibEntry

#: Titles of which fewer letters are left say too little.
_LETTERS = 8
#: Titles at least this similar are one title, where DOI or arXiv number say so too.
_SIMILAR = 0.7
#: No bibliography for people has more works of one title, or titles of more letters.
_MANY, _LONG = 100, 200


def same_works(entries: Iterable[BibEntry]) -> list[tuple[str, list[BibEntry]]]:
    """Return works that several entries stand for, each with what shows it.

    DOI or arXiv number, with titles that do not contradict; else title, year and first author.
    """
    found: list[tuple[str, list[BibEntry]]] = []
    of_key: dict[str, tuple[str, list[BibEntry]]] = {}
    for reason, group in _alike([entry for entry in entries if not entry.broken]):
        work = next((of_key[entry.key] for entry in group if entry.key in of_key), None)
        if work is None:
            found.append(work := (reason, []))
        for entry in group:
            if entry.key not in of_key:
                of_key[entry.key] = work
                work[1].append(entry)
    return found


def shared_numbers(entries: Iterable[BibEntry]) -> Iterator[tuple[str, str, BibEntry, BibEntry]]:
    """Yield works of different titles with the same number: field, number, both entries."""
    for field, number, group in _by_number(entries):
        for other in group[1:]:
            if not _similar(group[0], other):
                yield field, number, group[0], other


def _alike(entries: list[BibEntry]) -> Iterator[tuple[str, list[BibEntry]]]:
    for field, number, group in _by_number(entries):
        same = [group[0], *(other for other in group[1:] if _similar(group[0], other))]
        if len(same) > 1:
            yield f"{'DOI' if field == 'doi' else 'arXiv number'} {number}", same
    for group in _by_title(entries):
        for same in _clusters(group[:_MANY]):
            if len(same) > 1:
                yield "title, year and first author", same


def _by_title(entries: list[BibEntry]) -> Iterator[list[BibEntry]]:
    """Yield works, two or more, of the same title, year and first author."""
    titles: dict[tuple[str, str], list[BibEntry]] = defaultdict(list)
    for entry in entries:
        title = essence(plain(entry.get("title")))
        if len(title) >= _LETTERS and (year := entry.get("year")):
            titles[title, year].append(entry)
    # Names take longest to read, and few works have a title in common.
    for group in (group for group in titles.values() if len(group) > 1):
        families: dict[str, list[BibEntry]] = defaultdict(list)
        for entry in group:
            if entry.authors:
                families[essence(entry.authors[0].family)].append(entry)
        yield from families.values()


def _clusters(group: list[BibEntry]) -> list[list[BibEntry]]:
    """Split works with the same title where their DOI or issue says that they are not one."""
    clusters: list[list[BibEntry]] = []
    for entry in group:
        for cluster in clusters:
            if not any(_contradict(entry, other) for other in cluster):
                cluster.append(entry)
                break
        else:
            clusters.append([entry])
    return clusters


def _contradict(one: BibEntry, other: BibEntry) -> bool:
    """Whether works with the same title are different: each issue has its "Editorial"."""
    dois = {entry.get("doi").casefold() for entry in (one, other)}
    if len(dois) > 1 and not any(not doi or doi.startswith(ARXIV_DOI) for doi in dois):
        return True
    if essence(one.get("journal", "booktitle")) != essence(other.get("journal", "booktitle")):
        return False
    pairs = ((one.get(name), other.get(name)) for name in ("volume", "number", "issue"))
    return any(here and there and essence(here) != essence(there) for here, there in pairs)


def _by_number(entries: Iterable[BibEntry]) -> Iterator[tuple[str, str, list[BibEntry]]]:
    groups: dict[tuple[str, str], list[BibEntry]] = defaultdict(list)
    for entry in entries:
        for found in _numbers(entry):
            groups[found].append(entry)
    for (field, number), group in groups.items():
        if len(group) > 1:
            yield field, number, group


def _numbers(entry: BibEntry) -> set[tuple[str, str]]:
    """Return the DOI and the arXiv number, which may stand in a DOI that arXiv gave."""
    doi, number = entry.get("doi").casefold(), entry.get("eprint").casefold()
    found = {("eprint", number)} if number else set()
    if doi.startswith(ARXIV_DOI + "arxiv."):
        found.add(("eprint", doi.removeprefix(ARXIV_DOI + "arxiv.")))
    elif doi:
        found.add(("doi", doi))
    return found


def _similar(one: BibEntry, other: BibEntry) -> bool:
    here, there = (essence(plain(entry.get("title")))[:_LONG] for entry in (one, other))
    if not here or not there or here.startswith(there) or there.startswith(here):
        return True
    return SequenceMatcher(None, here, there, autojunk=False).ratio() >= _SIMILAR
