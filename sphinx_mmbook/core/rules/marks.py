"""Rules on the signs around citations and marks of footnotes: commas, stops, pages."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sphinx_mmbook.core.rules.registry import found, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx_mmbook.core.book.book import Book
    from sphinx_mmbook.core.finding import Finding
    from sphinx_mmbook.core.pages.elements import Element

_COMMA = re.compile(r"[\w)*](,)\s\Z")
#: What leads to works, and words behind which a comma ends a clause.
_LEADS = re.compile(
    r"\b(?:e\.g\.?|i\.e\.?|cf\.?|see|also|example|instance|others|namely),\s\Z", re.I
)


@rule("info")
def cite_comma(book: Book) -> Iterator[Finding]:
    """A comma stands before a citation in parentheses.

    Bad: ``In grid search, {cite:p}`lin2014`, values are tried.``

    Good: ``In grid search {cite:p}`lin2014`, values are tried.``

    Why: the comma belongs to the sentence, and the citation to the words before it.
    """
    for group in book.citation_groups:
        before = group.before(0)
        comma = _COMMA.search(before)
        plain = {citation.style for citation in group.citations} <= {"p", "ps"}
        if comma and plain and not group.footnotes and not _LEADS.search(before):
            at = group.at(comma.start(1) - len(before))
            yield found(at, "a comma stands before this citation; delete it, or write it behind")


_OUTSIDE = re.compile(
    r",?\s?[\[(]?((?:pp?\.|pages?|S\.)\s?)(\d[\d–-]*(?:(?:,| and|&)\s\d[\d–-]*)*)[\])]?"
)
_WITHIN = re.compile(r"\{(pp?\.)(\d+)")
_RANGE = re.compile(r"\{pp?\. ?(\d{1,4})-(\d{1,4})\}")


@rule("info")
def cite_locator(book: Book) -> Iterator[Finding]:
    """The pages of a citation stand behind it, or are not typed as elsewhere.

    Bad: ``{cite:t}`lin2014`[p. 29]``, ``{cite:p}`lin2014{p.29}```, ``{cite:p}`lin2014{pp. 3-5}```

    Good: ``{cite:t}`lin2014{p. 29}```, ``{cite:p}`lin2014{pp. 3–5}```

    Why: what stands behind it is printed behind the year's parenthesis, in brackets of its own.
    """
    for group in book.citation_groups:
        text = group.positions.text
        if (behind := _OUTSIDE.match(text, group.end)) and not group.footnotes:
            pages = f"{behind[1].strip()} {behind[2]}"
            last = group.citations[-1]
            new = f"{{{last.role}}}`{last.text}{{{pages}}}`"
            yield found(last.at, f"'{pages}' stands behind this citation; write {new}")
        if match := _WITHIN.search(group.text):
            yield found(
                group.at(0), f"'{match[0][1:]}' lacks a blank; write '{match[1]} {match[2]}'"
            )
        elif match := _RANGE.search(group.text):
            yield found(
                group.at(0), f"'{match[1]}-{match[2]}' is a range; write '{match[1]}–{match[2]}'"
            )


_STOP = re.compile(r"[.,;:](?=\s|$)")
_NEEDS_WORD = re.compile(r"\b(?:from|in|by|of|see|with|at|under)\s\Z")


@rule("info")
def footnote_mark(book: Book) -> Iterator[Finding]:
    """The mark of a footnote stands before a stop or a comma, or in place of a word.

    Bad: ``it is online[^1].``, ``an example from [^1]``

    Good: ``it is online.[^1]``, ``an example from the manual[^1]``

    Why: in English the mark stands behind the stop; a number alone is not a word of a sentence.
    """
    for page in book.pages.values():
        early: list[Element] = []
        for element in page.of("footnote"):
            line, start = page.line(element.at), element.at.column - 1
            if _NEEDS_WORD.search(line, max(start - 9, 0), start):
                message = "this mark stands in place of a word"
                yield found(element.at, f"{message}; name what the footnote names, and mark that")
            elif _STOP.match(line, start + len(element.name) + 3) and page.prose.is_english:
                early.append(element)
        if early:
            lines = ", ".join(str(item.at.line) for item in early[1:9])
            also = f" (also in line {lines})" if lines else ""
            sign = page.line(early[0].at)[early[0].at.column + len(early[0].name) + 2]
            old = f"[^{early[0].name}]{sign}"
            yield found(
                early[0].at, f"this mark stands before a stop{also}; write '{sign}{old[:-1]}'"
            )
