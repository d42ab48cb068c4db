"""Rules on punctuation around citations and marks of footnotes, and on lone parentheses."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

from sphinx_mmbook.core import expressions as re
from sphinx_mmbook.core.finding import Edit, also_in
from sphinx_mmbook.core.pages.prose import NOT_TEXT
from sphinx_mmbook.core.rules.english.spelling import is_plain
from sphinx_mmbook.core.rules.registry import found, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx_mmbook.core.book.book import Book
    from sphinx_mmbook.core.finding import Finding
    from sphinx_mmbook.core.pages.elements import Element
    from sphinx_mmbook.core.pages.page import Page

_COMMA = re.compile(r"[\w)*](,)\s\Z")
#: What leads to works, and words after which a comma ends a clause.
_LEADS = re.compile(
    r"\b(?:e\.g\.?|i\.e\.?|cf\.?|see|also|example|instance|others|namely),\s\Z", re.I
)

#: Where what a citation supports is over; elsewhere it is the subject, or in a list.
_ENDS = re.compile(r"[.;:)]|,(?!\s*(?:(?:and|or|&)\s|\{cite))|\s*(?:\n\s*\n|\Z)")


@rule("info")
def cite_comma(book: Book) -> Iterator[Finding]:
    """There is a comma before a citation in parentheses, and its part of the sentence ends there.

    Bad: ``In grid search, {cite:p}`lin2014`, values are tried.``

    Good: ``In grid search {cite:p}`lin2014`, values are tried.``

    Why: the comma belongs to the sentence, and the citation to the words before it.
    """
    for group in book.citation_groups:
        before = group.before(0)
        comma = _COMMA.search(before, len(before) - 3)
        plain = {citation.style for citation in group.citations} <= {"p", "ps"}
        ends = _ENDS.match(group.positions.text, group.end)
        if comma and ends and plain and not group.footnotes and not _LEADS.search(before):
            at = group.at(comma.start(1) - len(before))
            message = "there is a comma before this citation"
            yield found(at, f"{message}; delete it, or move it after the citation")


#: What ends with a stop within a sentence.
SHORT = re.compile(
    r"(?:\b(?:al|e\.g|i\.e|cf|etc|vs|resp|approx|fig|figs|eq|eqs|sec|no|vol|pp?|ca|bzw|ggf|usw|vgl"
    r"|abb|tab|kap|nr|inkl|bspw|sog|u\.a|z\.b|d\.h)|\b[^\W\d]|\.\.)\.\s*$",
    re.IGNORECASE,
)
FULL_STOP = re.compile(r"[\w)\]$`’'”\"%*_]([.?!])(?:[ ]{0,4}|\n)\Z")
_NEXT = re.compile(r"\s*(?:\n[ \t]*(?:\n|(?:[-*+]|\d+[.)]) |[`:]{3})|\Z)|\s+(?:[A-ZÄÖÜ]|\[@)")
_SIGNS = {".": "full stop", "?": "question mark", "!": "exclamation mark"}
#: The end of a paragraph, but of a quotation, heading or source, and one more paragraph that ends.
_LONE = re.compile(r"\.?[ \t]*(?:\n[ \t]*\n|\Z|\n\Z)")


@rule("warning")
def cite_after_stop(book: Book) -> Iterator[Finding]:
    """A citation in parentheses comes after the full stop.

    Bad: ``… outperform them. {cite:p}`lin2014` The next …``, ``… them.{cite:p}`lin2014```, or a
    citation as a paragraph of its own

    Good: ``… outperform them {cite:p}`lin2014`. The next …``

    Why: it belongs to no sentence, and nobody can tell what it supports.
    """
    for group in book.citation_groups:
        if group.footnotes:
            continue
        before = group.before(0)
        stop = FULL_STOP.search(before, len(before) - 6)
        styles = {citation.style for citation in group.citations}
        after = group.positions.text[group.end : group.end + 4]
        above = before.rstrip()
        apart = before[-1:] == "\n" and before.count("\n", len(above)) > 1
        shown = above.rpartition("\n")[2].startswith((">", "!", "|", "*", '"', "“"))
        if apart and not shown and styles == {"p"} and _LONE.match(after):
            message = "this citation is a paragraph of its own; write it into the sentence above"
            yield found(group.at(0), f"{message} that it supports, before the full stop")
        if not stop or not styles <= {"p", "ps"} or SHORT.search(before.rstrip()):
            continue
        old = before[stop.start(1) :]
        at, blank = group.at(-len(old)), old[1:] or " "
        if after.startswith("."):
            message = "a full stop before this citation and one after it; delete the first"
            yield found(at, message, Edit(at, old, blank))
        elif _NEXT.match(after):
            message = f"this citation comes after the {_SIGNS[old[0]]}; write it before"
            yield found(at, message, Edit(at, old + group.text, f"{blank}{group.text}{old[0]}"))


@rule("warning")
def cite_no_blank(book: Book) -> Iterator[Finding]:
    """There is no space before or after a citation.

    Bad: ``the model{cite:p}`lin2014```

    Good: ``the model {cite:p}`lin2014```

    Why: the parenthesis sticks to the word.
    """
    for group in book.citation_groups:
        before = group.before(0)[-6:].replace("&nbsp;", " ")
        styles = {citation.style for citation in group.citations}
        sticks = re.search(r"(?:[^\W_]|[,;:)%$]|\S(?:[”\"]|\*{1,2}))\Z", before)
        if not group.footnotes and styles <= {"p", "ps", "t", "ts"}:
            after = re.match(r"[^\W\d_]{2}|\(\w", group.positions.text[group.end : group.end + 2])
            for wrong, where, new in (
                (sticks, "before", f" {group.text}"),
                (after, "after", f"{group.text} "),
            ):
                if wrong:
                    at, message = group.at(0), f"there is no space {where} this citation; write one"
                    yield found(at, message, Edit(at, group.text, new))


_OUTSIDE = re.compile(
    r",?\s?[\[(]?((?:pp?\.|pages?|S\.)\s?)(\d[\d–-]*(?:(?:,| and|&)\s\d[\d–-]*)*)[\])]?"
)
_WITHIN = re.compile(r"\{(pp?\.)(\d+)")
_RANGE = re.compile(r"\{pp?\. ?(\d{1,4})-(\d{1,4})\}")


@rule("info")
def cite_locator(book: Book) -> Iterator[Finding]:
    """The pages of a citation follow it, or are not typed as elsewhere.

    Bad: ``{cite:t}`lin2014`[p. 29]``, ``{cite:p}`lin2014{p.29}```, ``{cite:p}`lin2014{pp. 3-5}```

    Good: ``{cite:t}`lin2014{p. 29}```, ``{cite:p}`lin2014{pp. 3–5}```

    Why: what follows it is printed after the year's parenthesis, in brackets of its own.
    """
    for group in book.citation_groups:
        text = group.positions.text
        if (after := _OUTSIDE.match(text, group.end)) and not group.footnotes:
            pages = f"{after[1].strip()} {after[2]}"
            last = group.citations[-1]
            new = f"{{{last.role}}}`{last.text}{{{pages}}}`"
            yield found(last.at, f"'{pages}' follows this citation; write {new}")
        if match := _WITHIN.search(group.text):
            yield found(
                group.at(0), f"'{match[0][1:]}' lacks a space; write '{match[1]} {match[2]}'"
            )
        elif match := _RANGE.search(group.text):
            yield found(
                group.at(0), f"'{match[1]}-{match[2]}' is a range; write '{match[1]}–{match[2]}'"
            )


_STOP = re.compile(r"[.,;:](?=\s|$)")
_NEEDS_WORD = re.compile(r"\b(?:from|in|by|of|see|with|at|under)\s\Z")


@rule("info")
def footnote_mark(book: Book) -> Iterator[Finding]:
    """The mark of a footnote comes before a stop or a comma, or in place of a word.

    Bad: ``it is online[^1].``, ``an example from [^1]``

    Good: ``it is online.[^1]``, ``an example from the manual[^1]``

    Why: in English the mark goes after the stop; a number alone is not a word of a sentence.
    """
    for page in book.pages.values():
        early: list[Element] = []  # marks that belong after the stop
        for element in page.of("footnote"):
            line, start = page.line(element.at), element.at.column - 1
            if _NEEDS_WORD.search(line, max(start - 9, 0), start):
                message = "this mark is used in place of a word"
                yield found(element.at, f"{message}; name what the footnote names, and mark that")
            elif _STOP.match(line, start + len(element.name) + 3) and page.prose.is_english:
                if line[:start].endswith(line[start + len(element.name) + 3]):
                    message = "this mark is between two stops; delete the one after it"
                    yield found(element.at, message)
                else:
                    early.append(element)
        if early:
            also = also_in(item.at for item in early)
            sign = page.line(early[0].at)[early[0].at.column + len(early[0].name) + 2]
            old = f"[^{early[0].name}]{sign}"
            yield found(
                early[0].at, f"this mark comes before a stop{also}; write '{sign}{old[:-1]}'"
            )


#: What has a parenthesis at its end alone: "a)", "(1)" within a list, a face.
_LISTED = re.compile(
    r"(?:(?<=^)|(?<=[\s(}\ufffc\u00a0]))(?:\d{1,2}|[A-Za-z]|[ivx]{1,4})\)(?!\.)|[:;]-?[)(]",
    re.MULTILINE,
)
#: A half-open interval: "[300, 400)".
_ENDPOINTS = r"[^][()\n,]{1,12},[^][()\n,]{1,12}"
_INTERVAL = re.compile(rf"\[{_ENDPOINTS}\)|\({_ENDPOINTS}\]")
#: Rows of tables, and full-width characters, which stop-blank reports.
_OTHER = re.compile(r"[|（）]")
_PAIRS = {
    "()": re.compile(r"[()]"), "[]": re.compile(r"[]]|\[(?=\w)"), "“”": re.compile("[“”]"),
    '""': re.compile(r'(?<!\d)"'),
}  # fmt: skip
_QUOTES = ("“”", '""')
#: Pairs, and what a page has that uses them otherwise: footnotes of pandoc, German, LaTeX.
_UNLESS = {"[]": "^[", "“”": "„", '""': "``"}


@rule("warning")
def bracket_open(book: Book) -> Iterator[Finding]:
    """A bracket or quotation mark is opened and not closed, or closed and not opened.

    Bad: ``the loss (see below falls.``, ``the loss, see below) falls.``, ``the loss] falls``,
    ``the “loss" falls``, ``$f(g(x)$``

    Good: ``the loss (see below) falls.``, ``$f(g(x))$``

    Why: the reader looks for the other one.
    """
    for page in book.pages.values():
        yield from _in_lines(page)
        text = page.prose.text
        some = ["()", *(p for p, other in _UNLESS.items() if _odd(text, p) and other not in text)]
        for (begin, block), pair in product(page.prose.blocks, some):
            if not _odd(block, pair):
                continue
            paragraph = _INTERVAL.sub(_blanked, block)
            if _OTHER.search(paragraph) or "@ref{" in paragraph:
                continue  # reference-syntax speaks of the latter
            lone = _lone(paragraph, pair)
            # With and without what may be the number of a list.
            again = _lone(_LISTED.sub(_blanked, paragraph), pair)
            if lone is None or lone != again or not is_plain(page, begin + lone, paragraph[lone]):
                continue
            if pair in _QUOTES and _goes_on(paragraph, lone):
                continue
            at, sign = page.prose.at(begin + lone), paragraph[lone]
            what, missing = ("closed", pair[1]) if sign == pair[0] else ("opened", pair[0])
            what = "ended or begun" if sign == '"' else what
            message = f"this '{sign}' is never {what} in its paragraph"
            advice = f"add '{missing}', or delete it"
            if pair == "“”" and '"' in block and paragraph[lone - 1] != '"':
                advice = f"write '{missing}' for the '\"' at its other end"
            if sign == "(" and (shown := _with_its_end(page, begin, paragraph, lone)):
                if _AMOUNT.match(shown):
                    continue  # dollar-currency says so
                message = f"the ')' of this '(' is in the formula {shown}"
                advice = "write it after the formula"
            yield found(at, f"{message}; {advice}")


def _odd(text: str, pair: str) -> bool:
    """Whether a text has another number of brackets that open than of those that close."""
    if pair == '""' and "\n\n" not in text:
        return text.count('"') % 2 == 1 and "“" not in text
    if pair == '""':  # of a page, in which the faults of two paragraphs even out
        return '"' in text
    return text.count(pair[0]) != text.count(pair[1])


def _goes_on(text: str, quote: int) -> bool:
    """Whether what is quoted may begin or end in another paragraph."""
    before, after = text[:quote].rstrip(), text[quote + 1 :].strip(" \n.")
    return not before or not after or before[-1] == ":"


#: What TeX has paired already, and intervals such as "[0, 1["; all that opens, all that closes.
_PAIRED = re.compile(
    r"\\text\{\s*\(?\w{1,3}\)"  # the number of a part
    r"|\\(?:left|right)\s*(?:\\[A-Za-z]+|\\?.)|[][][^][()]{1,20},[^][()]{1,20}[][]"
)
_OPENING, _CLOSING = re.compile(r"[(\[]"), re.compile(r"[)\]]")


def _in_lines(page: Page) -> Iterator[Finding]:
    """Yield the formulas in lines that lack a bracket, unless the text or another one has it."""
    lacks: dict[int, list[tuple[Element, str]]] = {}
    for element in page.of("math"):
        body = "" if element.level else _PAIRED.sub("", element.body)
        opened, closed = len(_OPENING.findall(body)), len(_CLOSING.findall(body))
        if opened != closed:
            what = f"this formula has {opened} '(' or '[' and {closed} ')' or ']'"
            lacks.setdefault(element.block, []).append((element, what))
    for block, ((element, what), *others) in lacks.items():
        text = "".join(one.text for one in page.of("text") if one.block == block)
        if not others and len(_OPENING.findall(text)) == len(_CLOSING.findall(text)):
            yield found(element.at, f"{what}; add the one that is missing, or delete one")


_AMOUNT = re.compile(r"'\$\d[\d.,]* [a-z]")


def _blanked(match: re.Match[str]) -> str:
    return " " * len(match[0])


def _with_its_end(page: Page, begin: int, paragraph: str, lone: int) -> str:
    """Return the formula after a parenthesis that ends it, ``$x )$``; empty if none does."""
    for match in re.compile(NOT_TEXT).finditer(paragraph, lone):
        element = page.prose.element(begin + match.start())
        if element.kind == "math" and element.body.count(")") == element.body.count("(") + 1:
            return f"'${element.body}$'"
    return ""


def _lone(text: str, pair: str) -> int | None:
    """Return where the one bracket of a text stands that has no counterpart."""
    opened: list[int] = []
    closed: list[int] = []
    for match in _PAIRS[pair].finditer(text):
        if match[0] == pair[0]:
            opened.append(match.start())
        elif opened:
            opened.pop()
        else:
            closed.append(match.start())
    lone = [*opened, *closed]
    return lone[0] if len(lone) == 1 and NOT_TEXT not in text[lone[0] + 1 : lone[0] + 2] else None
