"""Rules on the words around a citation: names typed beside it, its place in the sentence."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sphinx_mmbook.core.finding import Edit
from sphinx_mmbook.core.rules.registry import found, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx_mmbook.core.bib.entry import BibEntry
    from sphinx_mmbook.core.book.book import Book
    from sphinx_mmbook.core.finding import Finding
    from sphinx_mmbook.core.references.citation_groups import CitationGroup

_NAME = r"[^\W\d_][\w’'-]*"
#: Names before a citation, as authors type them: "Lin", "Lin et al.", "Lin and Chen (2014)".
_TYPED = re.compile(
    rf"(?<![\w.-])({_NAME})(\s+et\.?\s+al\.?,?|\s+(?:and|und|&)\s+{_NAME})?(\s*\(\d{{4}}[a-z]?\))?\s*$"
)


def _groups(book: Book) -> Iterator[CitationGroup]:
    """Iterate over the citations of a book, those side by side together, but for headings."""
    headings = {
        item.at._replace(column=0) for page in book.pages.values() for item in page.of("heading")
    }
    for group in book.citation_groups:
        if not group.footnotes and group.citations[0].at._replace(column=0) not in headings:
            yield group


@rule("warning")
def cite_name_twice(book: Book) -> Iterator[Finding]:
    """The author is typed before a citation that prints the name as well.

    Bad: ``Lin et al. (2014) {cite:p}`lin2014```, printed as "Lin et al. (2014) (Lin et al., 2014)"

    Good: ``{cite:t}`lin2014```, printed as "Lin et al. (2014)"

    Why: the reader sees the name, and often the year, twice.
    """
    for group in _groups(book):
        citation = group.citations[0]
        entry = book.library.entries.get(citation.text.strip())
        if len(group.citations) > 1 or citation.style not in ("p", "t") or entry is None:
            continue
        match = _typed(group, entry)
        if not match or not _is_author(match, entry) or "\n\n" in match[0]:
            continue
        new = f"{{cite:t}}`{entry.key}`"
        typed = " ".join(match[0].split())
        message = f"'{typed}' is printed twice: the citation has the name; write {new}"
        at = group.at(-len(match[0]))
        yield found(at, message, Edit(at, match[0] + group.text, new))


def _typed(group: CitationGroup, entry: BibEntry) -> re.Match[str] | None:
    """Return the names typed before a citation, if that of its first author is near."""
    before = group.before(0)
    family = entry.authors[0].family.rpartition(" ")[2] if entry.authors else ""
    return _TYPED.search(before) if family and family in before else None


def _is_author(match: re.Match[str], entry: BibEntry) -> bool:
    """Whether typed names are those of a work, and not the name of what it is about."""
    families = [person.family.rpartition(" ")[2] for person in entry.authors]
    if not families or match[1] != families[0]:
        return False
    return bool(match[2] or match[3]) or (len(families) == 1 and bool(entry.authors[0].given))


#: What ends with a stop within a sentence.
_SHORT = re.compile(
    r"(?:\b(?:al|e\.g|i\.e|cf|etc|vs|resp|approx|fig|figs|eq|eqs|sec|no|vol|pp?|ca|bzw|ggf|usw|vgl"
    r"|abb|tab|kap|nr|inkl|bspw|sog|u\.a|z\.b|d\.h)|\b\w|\.\.)\.\s*$",
    re.IGNORECASE,
)
_STOP = re.compile(r"[\w)\]$`’'”\"%]([.])[ \n]\Z")
_NEXT = re.compile(r"\s*(?:\n\n|\Z)|\s+[A-ZÄÖÜ]")


@rule("warning")
def cite_after_stop(book: Book) -> Iterator[Finding]:
    """A citation in parentheses stands after the full stop.

    Bad: ``… outperform them. {cite:p}`lin2014` The next …``

    Good: ``… outperform them {cite:p}`lin2014`. The next …``

    Why: it belongs to no sentence, and nobody can tell what it supports.
    """
    for group in _groups(book):
        before = group.before(0)
        stop = _STOP.search(before)
        styles = {citation.style for citation in group.citations}
        after = group.positions.text[group.end : group.end + 4]
        if not stop or not styles <= {"p", "ps"} or _SHORT.search(before.rstrip()):
            continue
        at = group.at(-2)
        if after.startswith("."):
            message = "a full stop before this citation and one after it; delete the first"
            yield found(at, message, Edit(at, before[-2:], before[-1]))
        elif _NEXT.match(after):
            message = "this citation stands after the full stop; write it before"
            yield found(
                at, message, Edit(at, before[-2:] + group.text, f"{before[-1]}{group.text}.")
            )


@rule("warning")
def cite_no_blank(book: Book) -> Iterator[Finding]:
    """There is no blank before a citation.

    Bad: ``the model{cite:p}`lin2014```

    Good: ``the model {cite:p}`lin2014```

    Why: the parenthesis sticks to the word.
    """
    for group in _groups(book):
        before = group.before(0)[-1:]
        styles = {citation.style for citation in group.citations}
        if (before.isalnum() or before in ",;:)%") and before and styles <= {"p", "ps", "t", "ts"}:
            at = group.at(0)
            yield found(
                at, "write a blank before this citation", Edit(at, group.text, f" {group.text}")
            )


#: Names and a year typed as a citation prints them.
_WHOLE = re.compile(
    rf"(?<![\w.-])({_NAME})(\s+et\.?\s+al\.?|\s+(?:and|und|&)\s+{_NAME})?,?\s\(?(\d{{4}})([a-z]?)\)\Z"
)
_YEAR = re.compile(r"(?<!\d)\d{4}[a-z]?\)")


@rule("info")
def cite_typed(book: Book) -> Iterator[Finding]:
    """Authors and year are typed, and the work is in a bibliography.

    Bad: ``Lin et al. (2014) show …``

    Good: ``{cite:t}`lin2014` show …``

    Why: it is not a link, and the work may be missing in the list of works.
    """
    works: dict[tuple[str, str], list[str]] = {}
    for entry in book.library.entries.values():
        if entry.authors:
            family = entry.authors[0].family.rpartition(" ")[2]
            works.setdefault((family, entry.get("year")), []).append(entry.key)
    for page in book.pages.values():
        text = page.prose.text
        for year in _YEAR.finditer(text) if works else ():
            match = _WHOLE.search(text, max(0, year.start() - 80), year.end())
            if match is None:
                continue
            keys = works.get((match[1], match[3]), [])
            cited = text[match.end() : match.end() + 2].strip().startswith("\ufffc")
            if len(keys) == 1 and not cited and "(" in match[0]:
                message = f"'{' '.join(match[0].split())}' is typed; write {{cite:t}}`{keys[0]}`"
                yield found(page.prose.at(match.start()), message)


@rule("warning")
def cite_et_al(book: Book) -> Iterator[Finding]:
    """The text says "et al." of a work that has one author.

    Bad: ``Lin et al. {cite:yearpar}`lin2014```, where the bibliography has Lin alone

    Good: ``{cite:t}`lin2014```, and all authors in the bibliography

    Why: either the sentence or the list of works is wrong.
    """
    for group in _groups(book):
        citation = group.citations[0]
        entry = book.library.entries.get(citation.text.strip())
        match = _typed(group, entry) if entry else None
        if not entry or not match or "al" not in (match[2] or "") or len(entry.authors) != 1:
            continue
        if match[1] == entry.authors[0].family.rpartition(" ")[2]:
            message = f"'{match[0].strip()}', but '{entry.key}' has one author"
            at = group.at(-len(match[0]))
            yield found(at, f"{message}; add the others to the bibliography, or drop 'et al.'")
