"""The same work under several keys."""

from __future__ import annotations

import re
from collections import defaultdict
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from sphinx_mmbook.core.bib.latex_text import plain_text
from sphinx_mmbook.core.bib.library import comparable_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sphinx_mmbook.core.bib.entry import BibEntry

#: What begins the DOIs that arXiv gives.
ARXIV_DOI = "10.48550/"
#: Titles of which fewer letters are left say too little.
_LETTERS = 8
#: Titles at least this similar are one title, where DOI or arXiv number say so too.
_SIMILAR = 0.7
#: What shows that a preprint and its printed version are one work.
PRINTED = "title and authors, a preprint and what was printed"
#: So many years after its preprint a work is printed.
_YEARS = 2
#: No bibliography for people has more works of one title, or titles of more letters.
_MANY, _LONG = 100, 200


def same_works(entries: Iterable[BibEntry]) -> list[tuple[str, list[BibEntry]]]:
    """Return works that several entries stand for, each with what shows it.

    DOI or arXiv number, with titles that do not contradict; else title, year and first author; for
    a preprint and its printed version title and authors.
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
    # Names take longest to read, and few works have a title in common.
    titles = [group for group in _by_title(entries) if len(group) > 1]
    for group in titles:
        for some in _by_year_and_author(group):
            for same in _clusters(some[:_MANY]):
                if len(same) > 1:
                    yield "title, year and first author", same
    for group in titles:
        yield from _printed(group)


def _printed(group: list[BibEntry]) -> Iterator[tuple[str, list[BibEntry]]]:
    """Yield preprints with the printed version, whose year is another."""
    versions: dict[tuple[str, ...], list[BibEntry]] = defaultdict(list)
    # A book has no preprint: of its title are the program and the program's manual.
    some = [one for one in group[:_MANY] if one.authors and one.type not in ("book", "manual")]
    for entry in some:
        versions[tuple(comparable_text(author.family) for author in entry.authors)].append(entry)
    for some in versions.values():
        printed = [entry for entry in some if not is_preprint(entry)][:1]
        early = [entry for entry in some if is_preprint(entry)][:_MANY]
        same = [*printed, *(entry for entry in early if printed and _near(entry, printed[0]))]
        if len(same) > 1:
            yield PRINTED, same


def is_preprint(entry: BibEntry) -> bool:
    """Whether a work lies on a server for preprints, or is said to lie nowhere."""
    published_in = entry.get("journal", "booktitle", "publisher", "school", "institution")
    if not published_in:
        return entry.type not in ("book", "inbook", "incollection")
    return bool(re.search(r"\barxiv\b|^corr$|\bbiorxiv\b", published_in, re.IGNORECASE))


def _near(one: BibEntry, other: BibEntry) -> bool:
    years = [entry.get("year") for entry in (one, other)]
    return all(y.isdecimal() for y in years) and abs(int(years[0]) - int(years[1])) <= _YEARS


def _by_title(entries: list[BibEntry]) -> Iterable[list[BibEntry]]:
    """Return the works of each title that have a year."""
    titles: dict[str, list[BibEntry]] = defaultdict(list)
    for entry in entries:
        title = comparable_text(plain_text(entry.get("title")))
        if len(title) >= _LETTERS and entry.get("year"):
            titles[title].append(entry)
    return titles.values()


def _by_year_and_author(group: list[BibEntry]) -> Iterable[list[BibEntry]]:
    """Return the works of each year and first author."""
    found: dict[tuple[str, str], list[BibEntry]] = defaultdict(list)
    for entry in group:
        if entry.authors:
            found[entry.get("year"), comparable_text(entry.authors[0].family)].append(entry)
    return found.values()


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
    if (one.type == "manual") != (other.type == "manual"):
        return True
    if comparable_text(one.get("journal", "booktitle")) != comparable_text(
        other.get("journal", "booktitle")
    ):
        return False
    pairs = ((one.get(name), other.get(name)) for name in ("volume", "number", "issue"))
    return any(
        here and there and comparable_text(here) != comparable_text(there) for here, there in pairs
    )


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
    found = {("eprint", number)} if number and entry.get("eprinttype") == "arxiv" else set()
    if doi.startswith(ARXIV_DOI + "arxiv."):
        found.add(("eprint", doi.removeprefix(ARXIV_DOI + "arxiv.")))
    elif doi:
        found.add(("doi", doi))
    return found


def _similar(one: BibEntry, other: BibEntry) -> bool:
    here, there = (
        comparable_text(plain_text(entry.get("title")))[:_LONG] for entry in (one, other)
    )
    if here.startswith(there) or there.startswith(here):
        return True
    return SequenceMatcher(None, here, there, autojunk=False).ratio() >= _SIMILAR
