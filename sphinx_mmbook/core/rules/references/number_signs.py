"""The rule on numbers whose points and commas are those of another language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sphinx_mmbook.core import expressions as re
from sphinx_mmbook.core.rules.registry import found, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx_mmbook.core.book.book import Book
    from sphinx_mmbook.core.finding import Finding
    from sphinx_mmbook.core.pages.page import Page

#: A number with a point for each thousand, before what is counted, and one with a comma in it.
_POINT = re.compile(
    r"\d(?<![\w.,/:$€£'’-].)\d{0,2}(?:(?:\.000|(?:\.\d{3}){2,})(?![\d.,])"
    r"(?=[ \u00a0](?:[a-z-]+ ){0,2}?[a-z-]{2,}s\b)|(?<=\d\d)\.\d{3}(?=[ \u00a0](?:[a-z-]+,? ){0,2}?"
    r"(?:articles|cases|customers|documents|entries|examples|images|instances|iterations|observations"
    r"|pages|pairs|papers|participants|patents|patients|people|questions|records|reviews|rows|samples"
    r"|sentences|texts|tokens|tweets|users|words)\b(?! per)))"
)
_COMMA = re.compile(
    r"\d(?<![\w.,/:(\[{-].)(?:(?<=0),\d{2,4}"
    r"|\d{0,2},\d{1,2}(?=[ \u00a0]?(?:%|(?:m|b|tr)illion\b)))(?![\w,]|\.\d|[)\]}])"
)
#: Others of a page that has such numbers, but for three digits, which may be thousands.
_DECIMAL = re.compile(
    r"\d(?<![\w.,/:\[{(].)(?<!\d[-–].)\d{0,3},(?:\d{2}|(?<=\d\d,)\d)(?!\w|,\d|\.\d|[\]}])"
    r"|(?<=\d[-–])\d{1,3},\d{2}(?!\w|,\d|\.\d|[\]}])|(?<=\()0,\d{2,4}(?![\w)\]}]|,\d|\.\d)"
    r"|0(?<![\w.,/:\[{(].),\d(?!\w|,\d|\.\d|[\]})])|\d(?<![\w.,/:].)\d{0,2},\d{1,2}(?= ?%)"
)
#: Numbers with a comma that are two: "Figures 11,12".
_SEVERAL = re.compile(
    r"(?:(?:Figure|Table|Section|Equation|Chapter|Layer|Step|Page|Line|Row|Column|Question|Group|Level"
    r"|Part|Node|Version|Day|Week)s?|(?:Eq|Sec|Fig|Tab|p)s?\.)[ \n]?\Z",
    re.IGNORECASE,
)
_BLANK = re.compile(
    r"\d(?<![\w.,/:-].)(?<!\d .)\d{0,2}(?:(?: \d{3}){2,}| [05]00(?! times))(?= [a-z]{3})"
)
#: What each of them has, and the words of most pages have not.
_POINTS, _COMMAS, _BLANKS = (
    re.compile(r"\.\d{3}"),
    re.compile(r",\d\d?(?!\d)|0,\d"),
    re.compile(r"\n\d{3}\n"),
)


@rule("warning")
def number_signs(book: Book) -> Iterator[Finding]:
    """A number in English text has its point and its comma as in German.

    Bad: ``10.000 images``, ``3 500 words``, ``a loss of 0,25``, ``on 5.6.2019``

    Good: ``10,000 images``, ``3,500 words``, ``a loss of 0.25``, ``on 5 June 2019``

    Why: the reader takes it for ten images.
    """
    for page in book.pages.values():
        text = page.prose.text if page.prose.is_english else ""
        yield from _dates(page, text)
        signs = (
            (_POINTS, _POINT, ".", ","),
            (_COMMAS, _COMMA, ",", "."),
            (_BLANKS, _BLANK, " ", ","),
        )
        for near, pattern, old, new in signs:
            where = page.prose.vocabulary if near is _BLANKS else page.prose.figures
            for match in _alike(pattern, text) if text and near.search(where) else ():
                at, right = page.prose.at(match.start()), match[0].replace(old, new)
                edits = page.edits(at, match[0], right)
                if not page.prose.is_foreign(match.start()):
                    fault = "has a space for its comma" if old == " " else _GERMAN
                    yield found(at, f"'{match[0]}' {fault}; write '{right}'", *edits)


def _alike(pattern: re.Pattern[str], text: str) -> list[re.Match[str]]:
    """Return the numbers that a pattern finds; with a sure decimal comma, all of the page."""
    sure = list(pattern.finditer(text))
    if not sure or pattern is not _COMMA:
        return sure
    starts, some = {match.start() for match in sure}, list[re.Match[str]]()
    for match in _DECIMAL.finditer(text):
        if not _SEVERAL.search(text[max(0, match.start() - 12) : match.start()]):
            some += [match] if match.start() not in starts else []
    return sorted((*sure, *some), key=lambda match: match.start())


_GERMAN = "is punctuated as in German"
_DATE = re.compile(r"(\d(?<![\w.,/-].)\d?)\. ?(\d{1,2})\. ?((?:19|20)\d\d)(?![\w]|[.,]\d)")
_MONTHS = "January February March April May June July August September October November December"


def _dates(page: Page, text: str) -> Iterator[Finding]:
    """Yield the dates with a point after day and month."""
    some = any(sign in text for sign in (".19", ".20", ". 19", ". 20"))
    for match in _DATE.finditer(text) if some else ():
        day, month = int(match[1]), int(match[2])
        at = page.prose.at(match.start())
        if 0 < day < 32 and 0 < month < 13 and not page.prose.is_foreign(match.start()):
            right = f"{day} {_MONTHS.split()[month - 1]} {match[3]}"
            edits = page.edits(at, match[0], right)
            yield found(at, f"'{match[0]}' is a date as in German; write '{right}'", *edits)
