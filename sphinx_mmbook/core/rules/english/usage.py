"""Rules on English as scientific texts use it: what copy editors change, though it is right."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from sphinx_mmbook.core import expressions as re
from sphinx_mmbook.core.finding import Edit, Finding, Level
from sphinx_mmbook.core.rules.english.spelling import (
    SHORT,
    first_place,
    is_plain,
    page_code,
    words_before,
)
from sphinx_mmbook.core.rules.english.variants import common_key
from sphinx_mmbook.core.rules.registry import found, rule

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sphinx_mmbook.core.book.book import Book
    from sphinx_mmbook.core.pages.page import Page

_NOT = re.compile(
    r"(?<![\w/])(do|does|did|is|are|was|were|has|have|had|could|would|should|ca|wo)n['’]t(?!\w)",
    re.IGNORECASE,
)
_IS = re.compile(
    r"(?<![\w/])(it|that|there|what|let|here)['’]s(?!\w)|(?<![\w/])(we|they|you|I)['’](re|ve|ll|m)(?!\w)",
    re.IGNORECASE,
)
_WHOLE = {"re": "are", "ve": "have", "ll": "will", "m": "am", "ca": "can", "wo": "will"}


@rule("warning")
def contraction(book: Book) -> Iterator[Finding]:
    """A form of spoken English, with an apostrophe for the letters that are left out.

    Bad: ``the loss doesn't fall``, ``it's large``

    Good: ``the loss does not fall``, ``it is large``

    Why: scientific texts write these words out. What is in quotation marks is left as it is.
    In a book that has them everywhere they are its tone, and only reported at level info;
    so are those of a page with twenty or more, one in less than 200 words.
    """
    some = [(page, list(_contractions(page))) for page in book.pages.values()]
    everywhere = _is_tone(book.english, sum(len(own) for _, own in some), *_TONE)
    for page, own in some:
        tone = everywhere or _is_tone((page,), len(own), *_TONE_OF_PAGE)
        for one in own:
            level: Level = "info" if tone else "warning"
            yield Finding(one.location, "contraction", one.message, level)


def _is_tone(pages: Iterable[Page], number: int, enough: int, rare: int) -> bool:
    """Whether pages have so many contractions that spoken English is their tone."""
    if number < enough:
        return False
    return number * rare > sum(sum(page.prose.words.values()) for page in pages)


#: A book, and a page, with so many, one in less than so many words, has them as its tone.
_TONE, _TONE_OF_PAGE = (100, 700), (20, 200)


def _contractions(page: Page) -> Iterator[Finding]:
    text = page.prose.text
    if not ("'" in text or "’" in text) or not page.prose.is_english:
        return
    for match in sorted(_matches(text), key=lambda one: one.start()):
        if is_plain(page, match.start(), match[0]) and not quoted(page, match.start()):
            message = f"'{match[0]}' is spoken English; write {_written_out(match)}"
            yield found(page.prose.at(match.start()), message)


def _matches(text: str) -> Iterator[re.Match[str]]:
    """Iterate over the words with an apostrophe in which letters are left out."""
    for mark in "'’":
        for letter in "tsrvlm":
            pattern = _NOT if letter == "t" else _IS
            for start in words_before(text, f"{mark}{letter}"):
                if match := pattern.match(text, start):
                    yield match


def _written_out(match: re.Match[str]) -> str:
    """Return the words for which a contraction stands."""
    if match.re.pattern == _NOT.pattern:
        word = match[1].lower()
        full = match[1][0] + _WHOLE.get(word, word)[1:]
        return f"'{full}not'" if word == "ca" else f"'{full} not'"
    if match[2]:
        return f"'{match[2]} {_WHOLE[match[3].lower()]}'"
    if match[1].lower() == "let":
        # "Let's us measure" has a word too many.
        return f"'{match[1]}{'s' if match.string.startswith(' us ', match.end()) else ' us'}'"
    own = ", or 'its' if that is meant" if match[1].lower() == "it" else ""
    return f"'{match[1]} is'{own}"


def quoted(page: Page, start: int) -> bool:
    """Whether a place is within quotation marks, or in a block that quotes."""
    text = page.prose.text
    before = text[max(text.rfind("\n\n", 0, start), 0) : start]
    opened = before.count("“") > before.count("”") or before.count('"') % 2
    last = [max((mark.start() for mark in marks.finditer(before)), default=-1) for marks in _SINGLE]
    return (
        bool(opened)
        or last[0] > last[1]
        or page.line(page.prose.at(start)).lstrip().startswith(">")
    )


#: Single quotation marks that open and close, which apostrophes are not.
_SINGLE = (re.compile(r"(?<![\w’'.,)*`\ufffc])['‘](?=\w)"), re.compile(r"(?<=[\w.,!?)])['’](?!\w)"))


#: Beginnings of words that end in -ise or -ize, as British and American English have it.
_STEMS = (
    "categor|character|central|criti[cs]|custom|digit|emphas|factor|final|formal|general|harmon"
    "|initial|local|maxim|minim|modern|normal|optim|organ|parallel|parameter|penal|polar|popular|priorit|quant"
    "|random|real|recogn|regular|scrutin|serial|special|stabil|standard|summar|symbol|synchron|synthes|token|util"
    "|vectori?|visual"
)
_BRITISH = re.compile(
    r"(?:behavi|neighb|col|fav|hum|lab|flav|rum|rig|vig|endeav|harb|tum)our\w*|cent(?:re[ds]?|ring)|catalogue[ds]?|grey(?:s|scale)?|artefacts?"
    r"|analys(?:e[dr]?|ing)|(?:model|label|travel|signal|cancel|channel|fuel|level)l(?:ed|ing)|defence|fulfil"
    rf"|(?:{_STEMS})is(?:e[ds]?|ing|ations?|ers?)"
)
_AMERICAN = re.compile(
    r"(?:behavi|neighb|col|fav|hum|lab|flav|rum|rig|vig|endeav|harb|tum)or(?:s|ed|ing|al|ally|hood|hoods|ful|able|ably|ite|ites)?"
    r"|center(?:s|ed|ing)?|gray(?:s|scale)?|artifacts?|analyz(?:e[dr]?|ing)"
    r"|(?:model|label|travel|signal|cancel|channel|fuel|level)(?:ed|ing)|defense|fulfill"
)


@rule("warning")
def spelling_british(book: Book) -> Iterator[Finding]:
    """A word is spelt as in Britain and most words of the book as in America, or the other way.

    Bad: ``labelled`` and ``modelling`` in a book with ``color``, ``behavior`` and ``center``

    Good: one of the two throughout; British books may write ``-ize`` as well

    Why: the chapters read as one book. Names with a capital are left as they are.
    """
    british = [_spelt(page.prose.words, _BRITISH) for page in book.english]
    american = [_spelt(page.prose.words, _AMERICAN) for page in book.english]
    if any(british) and any(american):
        code = " ".join(map(page_code, book.english))
        for some in (*british, *american):
            for word in [word for word in some if word in code]:
                del some[word]  # the name of a variable or of a column
    # One word that a page has again and again is one author's.
    totals = [
        sum(min(number, _AGAIN) for some in both for number in some.values())
        for both in (british, american)
    ]
    few, many = sorted(totals)
    if not few or many < (_MANY if many >= 2 * few else _ENOUGH):
        return
    fewer, others = (british, american) if totals[0] < totals[1] else (american, british)
    name, usual = ("British", "American") if fewer is british else ("American", "British")
    most = "the book is mostly" if few < many else "as many words are"
    example = sum(others, Counter()).most_common(1)[0][0]
    for page, some, more in zip(book.english, fewer, others, strict=True):
        mixed = {common_key(word) for word in more}  # of which another rule speaks
        for word, number in some.items():
            if common_key(word) in mixed:
                continue
            if at := first_place(page, word):
                times = f", {number} times on this page" if number > 1 else ""
                message = f"'{word}' is {name}{times}, and {most} {usual} ('{example}')"
                yield found(at, f"{message}; spell all words in one way")


#: So many words tell how a book is spelt, if there are half as many others; else more do.
_MANY, _ENOUGH = 4, 10
#: So often counts a word of a page.
_AGAIN = 3


def _spelt(counts: dict[str, int], pattern: re.Pattern[str]) -> Counter[str]:
    """Return those of the words that a pattern fits."""
    return Counter({word: counts[word] for word in counts if pattern.fullmatch(word)})


_FIGURE = re.compile(r"[.?!\n][ \n](?:(?<=[a-z]{4}[.?!] )|(?<=\n\n))(\d[\d,.]*)(?= ?%? [a-z]{2,})")
#: A year, and a version: "5.4.1 fixes this".
_NAME = re.compile(r"(?:1[5-9]|20)\d\d|\d+(?:\.\d+){2,}|[1-9]\d*\.0")


@rule("warning")
def number_begins(book: Book) -> Iterator[Finding]:
    """A sentence begins with a number in figures.

    Bad: ``It falls. 36 layers are trained.``

    Good: ``It falls. Thirty-six layers are trained.``, ``It falls. We train 36 layers.``

    Why: the stop before it reads like a part of the number. Lists and tables may begin so.
    """
    for page in book.pages.values():
        text = page.prose.text
        if not page.prose.is_english or page.source.restructured:
            continue
        for match in _FIGURE.finditer(text):
            number, start = match[1], match.start(1)
            whole = text[start : text.find("\n\n", start) + 1 or None].rstrip()
            plain = not page.prose.element(start).inside and whole.endswith((".", "?", "!"))
            last = re.search(
                r"(?<![^\W\d_])([^\W\d_]{1,10})\. \Z", text[max(start - 12, 0) : start]
            )
            if last and SHORT.fullmatch(last[1]):
                continue
            plain = plain and is_plain(page, start, number, anywhere=True)
            if _NAME.fullmatch(number) or number[-1] == "." or not plain:
                continue
            at = page.prose.at(start)
            before = page.line(at)[: at.column - 1]
            indented = at.column > 1 and not before.strip(" \t*_")
            if indented or _NO_SENTENCE.match(before):
                continue
            message = f"a sentence begins with the figure '{number}'"
            yield found(at, f"{message}; write it as a word, or begin with another one")


#: What begins a line of a list, a table, a quotation, a heading or a footnote.
_NO_SENTENCE = re.compile(r"\s*(?:[-*+|>#:%]|\d+[.)]|\[\^)")
_ABOUT = re.compile(r"(?<![\w~/.\\=])\\?~(?:(\d[\d.,]*\d|\d)| (\d[\d.,]*\d))(?![\w]*[~/])")


@rule("info")
def tilde_about(book: Book) -> Iterator[Finding]:
    """A tilde before a number stands for "about".

    Bad: ``It has ~74 layers.``

    Good: ``It has about 74 layers.``, ``It has $\\\\approx 74$ layers.``

    Why: it is a habit of e-mails; in a formula it stands for a distribution.
    """
    for page in book.pages.values():
        text = page.prose.text
        for match in _ABOUT.finditer(text) if "~" in text else ():
            at, number = page.prose.at(match.start()), match[1] or match[2]
            if (
                not page.prose.element(match.start()).name
                and not page.prose.element(match.start()).inside
            ):
                yield found(at, f"'{match[0]}' has a tilde; write 'about {number}'")


#: How paragraphs end that lead to what is below, or break off before the number of something.
LEADS = ("as follows", "the following", " Table", " Figure", " Section", " Chapter")


def broken_off(page: Page, begin: int, text: str) -> Iterator[Finding]:
    """Yield the last word of a paragraph after which a number is missing, or perhaps a colon."""
    if not page.line(page.prose.at(begin))[:1].isalpha():
        return
    word = text.rsplit(maxsplit=1)[-1]
    at = page.prose.at(begin + len(text) - len(word))
    if word.islower() and page.has_text(at, word):
        message = f"a colon is usual before what follows; write '{word}:'"
        yield Finding(at, "stop-missing", message, "info")
    elif page.has_text(at, word) and (". " in text or ", " in text):
        message = f"the number after '{word}' is missing; refer to what is meant"
        yield Finding(at, "stop-missing", message, "warning")


_UNIT = re.compile(
    r"(\d(?<![\w@.,/#^={-].)\d*(?:[.,]\d+)?)((?:[kKMGT]i?B|[kKMGT]?[Bb]ytes?|[MG]bit|[kMG]?Hz|[cmknµμ]m|[µμ][gLl]|[km]?g|min|ms|pp|kWh?|MW|mL|ml|kDa|nt|k?bp|kb|mm[hH]g)\b)(?![\w/]|-(?!\d))"
)
_PERCENT = re.compile(r"\d([ ]?)%")


@rule("warning")
def unit_blank(book: Book) -> Iterator[Finding]:
    """A unit sticks to its number; or some percent signs of a page do, and others do not.

    Bad: ``40GB``, ``5 %`` and ``7%``

    Good: ``40 GB``; ``5%`` and ``7%``

    Why: number and unit are two words. For the percent sign both are in use, but not at once.
    """
    for page in book.pages.values():
        text = page.prose.text
        for match in _UNIT.finditer(text) if _UNIT.search(page.prose.figures) else ():
            if is_plain(page, match.start(), match[0], anywhere=True):
                at, new = page.prose.at(match.start()), f"{match[1]} {match[2].replace('hg', 'Hg')}"
                message = f"'{match[0]}' lacks a space; write '{new}'"
                yield found(at, message, Edit(at, match[0], new))
        some = list(_PERCENT.finditer(text)) if "%" in text else []
        loose = [match for match in some if match[1]]
        if loose and len(loose) < len(some):
            rare, space = (loose, "a") if 2 * len(loose) <= len(some) else (some, "no")
            first = next(match for match in rare if bool(match[1]) == (space == "a"))
            message = f"there is {space} space before this '%', unlike before others of this page"
            times = f"{len(loose)} of {len(some)} have one"
            message += f" ({times}); use one form throughout"
            yield found(page.prose.at(first.start() + 1), message)
