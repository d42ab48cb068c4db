"""Rules on characters between words: spaces around stops, dashes, ranges, units."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sphinx_mmbook.core import expressions as re
from sphinx_mmbook.core.english.clauses import ends_clause
from sphinx_mmbook.core.english.word_classes import word_classes
from sphinx_mmbook.core.finding import Edit, Finding, Location
from sphinx_mmbook.core.pages.prose import NOT_TEXT, Prose
from sphinx_mmbook.core.rules.english.spelling import is_plain, places, words_before
from sphinx_mmbook.core.rules.registry import found, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx_mmbook.core.book.book import Book
    from sphinx_mmbook.core.pages.elements import Element
    from sphinx_mmbook.core.pages.page import Page

_STARTS = (
    "The|This|That|These|Those|There|They|In|It|We|For|However|As|To|Therefore|Furthermore|Moreover"
    "|Another|When|While|Since|If|But|And|Thus|Hence|With|By|On|At|Here|Although|Finally|First"
    "|Der|Die|Das|Ein|Eine|Im|Es|Wir|Diese|Dieser|Dieses|Dabei|Daher|Auch|Wenn|Und|Aber|Durch|Für"
)
_STICKS = re.compile(
    rf"\.(?:(?<=[a-zäöüß]{{3}}\.)|(?<=\w\)\.)|(?<={NOT_TEXT}\.))(?=(?:{_STARTS})[ ,]"
    r"|([A-Z][a-z]{3,}) [a-z]{2})"
)
_LOOSE = re.compile(
    rf"[ ](?:(?<=[\w)\]”’%{NOT_TEXT}] )|(?<=[a-z]\" ))[ ]*([,;.])"
    r"(?:(?<!\d .)|(?<=,)(?= [a-z]{2}))(?=\s|$)(?![.,;]|\s*[.,;])"
)
_DOUBLED = re.compile(
    r"(?<=[a-z]{5})(?<!approx)(?<!trans)(?<!assoc)\.(?:\)\.(?=\s|$)|,(?=\s[a-z]))"
    rf"|[.,;?](?<=[a-zäöüß)\d{NOT_TEXT}].)(?:(?<=\.) ?\.(?=\s|$)(?! \.)|(?<=\.)\.(?![.\w/])"
    r"|(?<=,) \.(?=\s|$)|(?<=,),(?=\s)|(?<=[,;])\.(?=\s|$)|(?<=\?)[,.](?=\s)(?!\s¿|[^.\n]{1,60}\?))"
)
_PAIRS = ("..", ",,", ",.", "?,", "?.", ".).", " .", ";.")
#: A comma after the full stop of a word that is not shortened.
_WORD_COMMA = re.compile(r"\.,(?<=[a-z]{5}..)")
#: What functions are called in text; their arguments stick to them.
_CALLED = {
    "softmax", "sigmoid", "argmax", "argmin", "tanh", "sqrt", "sign", "mean", "range", "print",
    "norm", "relu", "score", "class", "function", "exp", "log", "attention",
}  # fmt: skip
#: What stands in parentheses that belong to a sentence: several words, an acronym, a year.
_REMARK = (
    r"(?!(?:[a-z]\w*, )+\w+\))"  # what a function takes
    r"(?=(?:[A-Za-zäöü][\w’'-]+,? (?:[a-zäöüA-Z]{2}|(?:19|20)\d\d\))|(?!TM\))[A-Z]{2,6}s?\)"
    r"|(?:19|20)\d\d[,)]|\d+ ?%\)|ibid|i\.e\.|e\.g\.|https?:"
    r"|(?:below|above|about|around|between|approximately|from|over|under|up to|at (?:most|least))"
    rf" [\d{NOT_TEXT}]))"
)
_OPENS = re.compile(rf"(?<![\w.):])([A-Za-z][a-zäöüß]{{3,}})\({_REMARK}")
_COMMA = re.compile(
    r"[,;](?<=[a-zäöüß]{3}[,;])(?=[a-zäöüßA-Z][a-zäöüß]+[ .,;]"
    r"|(?<=,)(?:(?:19|20)\d\d\b|[A-Z] [a-z]{3}))"
    r"|,(?<=[\s(,]\d,)(?=\d(?:,\d)* (?:and|or) \d(?![\d.,]*\d))"
)
#: A token with a stop in it.
_STOP_WITHIN = re.compile(r"\.[A-Z]|[,;]\w")
#: A comma with its space before it.
_TURNED = re.compile(rf" ,(?<=[\w){NOT_TEXT}] ,)(?=[A-Za-z][\w-]+[ ,]|\.{{3}})")
#: A small word at a formula, and where it may be.
_GLUED = re.compile(
    r"(?:and|are|is|as|with|where|the|for|of|in|to|can|by|has|that|or|will|was|were|be|denotes|so|if|let)(?!\w)"
)
_GLUE = re.compile(f"{NOT_TEXT}(?=[abcdfhiotw][a-z])")
#: A stop between a word or a formula and a formula.
_AT_FORMULA = re.compile(rf"[.,;](?:(?<=[a-zäöüß)]{{2}}.)|(?<={NOT_TEXT}.))(?={NOT_TEXT})")
#: Code that a function takes: "f(`a`,`b`)".
_IN_CALL = re.compile(rf"\w\((?:{NOT_TEXT}, ?)*{NOT_TEXT}\Z")
#: Pages, titles and months without a space: "p.564", "Dr.Smith", "Jan.5".
_PAGES = re.compile(
    r"p\.(?=\d)(?:(?<=[\s(,]p\.)|(?<=[\s(,]pp\.))|[ADFJMNOPS](?<![\w./@-].)(?:(?:(?<=M)(?:rs?|s)"
    r"|(?<=D)r|(?<=P)rof)\.(?=[A-Z][a-z])|(?:an|eb|ar|pr|ug|ept?|ct|ov|ec)\.(?=\d{1,2}(?![\d.])))"
)
#: A stop that a displayed formula has left to the line below it, or that is alone there.
_BEGINS = re.compile(r"[.,;](?= [A-Za-z]{2}|\n|\Z)")
#: A small word right after a parenthesis; a relation with a space after it and none before.
_CLOSED = re.compile(
    r"\)(?:(?<=\s\d\))|(?<=\s\(\d\)))(?=[A-Z][a-z]|[a-z]{2,} )|\)(?=[acfhiotw][a-z])"
    r"(?=(?:and|or|is|are|was|were|with|which|that|for|from|has|have|can|where|when)(?![\w-]))"
    r"|\)(?<=[A-Z]{2}\))(?=[a-z]{4})"
)
_RELATION = re.compile(r"[<>=≤≥](?<=[a-z]{3}.)(?= \d)")
_BEFORE_CODE = re.compile(rf"(?<![\w-])[a-z]{{2,}}(?={NOT_TEXT})")
_BEFORE = re.compile(
    rf"[ ](?:(?<=[a-zäöüß){NOT_TEXT}] )|(?<=[a-z]{{3}} \d )(?=:\s+[A-Za-z]))[ ]*"
    r"([:?!])(?=[\"”’]?\s)(?!\s*[:?!])"
)
_INNER = re.compile(r"[ ](?<=[\w.] )[ ]*\)(?![)(])|\((?<!\w\()[ ]+(?=\w)")
_HYPHEN = re.compile(
    r"(?<![\w-])[a-zäöü]{2,}- (?!(?:and|or|to|und|oder|bis|bzw|als|sowie|as|but|nor|vs|versus"
    r"|through|than|instead|rather|not|are|is|was|were|has|have)\b)[a-zäöü]{3,}"
)
_TEXT_BLANK = re.compile(r"[a-zäöüß.,;)’'\"*_`] $")
_WIDE = str.maketrans("（），：；。？！", "(),:;.?!")
_WIDE_SIGNS = frozenset("（），：；。？！")
_WIDE_SIGN = re.compile(r"(?<=[\w)\]])[ ]?[）（，：；。？！](?=[\s\w(]|$)", re.ASCII)


#: Words after which something must follow: a reference got lost, rather than a space too many.
_OPEN = re.compile(
    r"(?i)\b(of|to|in|by|from|the|(?<![\W_]\w, )an?|see|footnote|note|with|at|on|von|zu|in|aus"
    r"|der|die|das|siehe|mit|(?-i:Figure|Table|Section|Chapter|Equation)s?)$"
)


@rule("warning")
def stop_blank(book: Book) -> Iterator[Finding]:
    """A space is missing or one too many at a stop, a comma, a parenthesis or a hyphen.

    Bad: ``it falls.The loss``, ``the loss , which falls .``, ``the area(of London)``,
    ``( see below )``, ``high- quality``

    Good: ``it falls. The loss``, ``the loss, which falls.``, ``the area (of London)``,
    ``(see below)``, ``high-quality``

    Why: it is printed so.
    """
    for page in book.pages.values():
        french = _is_french(book, page)
        matches = sorted(_blanks(page.prose, french), key=lambda pair: pair[0].start())
        for match, new in matches:
            element, at = page.prose.element(match.start()), page.prose.at(match.start())
            # In a glossary "term : class" has a space.
            if element.block in page.broken or element.name or "glossary" in element.inside:
                continue
            text, end = match.string, match.start()
            before = page.prose.element(end - 1)
            shown_as_text = before.kind == "math" or before.name.startswith(("cite", "numref"))
            hidden = text.endswith(NOT_TEXT, 0, end) and not shown_as_text
            hidden = hidden and match.re.pattern != _AT_FORMULA.pattern  # which has looked at both
            if hidden or not page.has_text(at, match[0]):
                continue
            kind = match.re.pattern
            if kind in _SINGLE and (word := _left_open(text, end)):
                sign = match[0].strip()
                message = f"between '{word[1]}' and this '{sign}' something is missing"
                yield found(at, f"{message}; write it")
            elif kind == _HYPHEN.pattern:
                yield found(at, f"{_AFTER_HYPHEN} '{match[0]}'; {_after_hyphen(match[0])}")
            elif kind == _BEGINS.pattern and not page.line(at)[: at.column - 1].strip(" >"):
                yield found(at, f"'{new}' begins this line; {_ABOVE}")
            elif kind != _BEGINS.pattern:
                fault = _FAULTS.get(kind, f"there is a space before this '{new}'")
                shown = new if kind != _OPENS.pattern else f"{match[1]} ("
                yield found(at, f"{fault}; write '{shown}'", Edit(at, match[0], new))
        yield from _before_footnotes(page) if not french else ()


def _left_open(text: str, end: int) -> re.Match[str] | None:
    """Return the word before a space that something must follow, if it ends no clause."""
    word = _OPEN.search(text, max(0, end - len("footnote")), end)  # the longest of these words
    return None if word and ends_clause(text[max(0, end - 120) : end + 1]) else word


def _is_french(book: Book, page: Page) -> bool:
    words = page.prose.words
    return book.settings.language.startswith("fr") or words.get("les", 0) > words.get("the", 0)


def _after_hyphen(words: str) -> str:
    """Say what to write for a word with a hyphen and a space, or one cut where a line ended."""
    word = words.replace("- ", "")
    known = word in word_classes()
    return f"write '{word}'" if known else "delete it, or write ' – ' for a dash"


def _before_footnotes(page: Page) -> Iterator[Finding]:
    """Yield the spaces before the marks of footnotes, but in "see [^1]"."""
    for element in page.of("footnote"):
        before = page.line(element.at)[: element.at.column - 1][-80:]
        above = page.line(element.at._replace(line=element.at.line - 1))[-80:]
        if not before and _TEXT_BLANK.search(f"{above.rstrip()} "):
            message = "the end of the line before this mark of a footnote is printed as a space"
            yield found(element.at, f"{message}; write the mark right after the text")
        if _TEXT_BLANK.search(before) and not _OPEN.search(before.rstrip()):
            at, old = element.at.right(-1), f" [^{element.name}]"
            if page.has_text(at, old):
                message = "there is a space before this mark of a footnote; delete it"
                yield found(at, message, Edit(at, old, old.strip()))


def _blanks(prose: Prose, french: bool) -> Iterator[tuple[re.Match[str], str]]:
    """Iterate over the places with a space too few or too many, and what is to stand there.

    In French there is a space before a colon.
    """
    text, marked = prose.text, prose.marked
    if _STOP_WITHIN.search(marked):
        yield from ((m, ". ") for m in _STICKS.finditer(text) if not m[1] or _both_known(m))
        yield from ((m, f"{m[0]} ") for m in _COMMA.finditer(text) if _in_order(m))
    if any(sign in marked for sign in (" ,", " .", " ;")):
        loose = (match for match in _LOOSE.finditer(text) if not french or match[1] != ";")
        yield from ((match, match[1]) for match in loose)
    if not french and any(sign in marked for sign in (" :", " ?", " !")):
        yield from ((match, match[1]) for match in _BEFORE.finditer(text))
    for start in words_before(text, "("):
        match = _OPENS.match(text, start)
        if match and match[1].lower() not in _CALLED:
            yield match, f"{match[1]} ("
    yield from ((match, ", ") for match in (_TURNED.finditer(text) if " ," in marked else ()))
    yield from _beside(prose)
    yield from ((match, f"{match[0]} ") for match in _some(_PAGES, prose))
    signs = (f"\n{sign}" for sign in ".,;" if f" {sign}" in marked)
    begins = (_BEGINS.match(text, start + 1) for sign in signs for start in places(text, sign))
    yield from ((match, match[0]) for match in begins if match)
    if any(sign in marked for sign in ("> ", "< ", "= ", "≤ ", "≥ ")):
        yield from ((match, f" {match[0]}") for match in _RELATION.finditer(text))
    yield from ((match, ") ") for match in _some(_CLOSED, prose))
    if " )" in marked or "( " in marked:
        yield from ((match, match[0].strip()) for match in _INNER.finditer(text))
    if "- " in marked:
        for start in words_before(text, "- "):
            if match := _HYPHEN.match(text, start):
                yield match, ""
    if not _WIDE_SIGNS.isdisjoint(prose.vocabulary) and not re.search("[一-鿿]{4}", text):
        for match in _WIDE_SIGN.finditer(text):
            new = match[0].strip().translate(_WIDE)
            yield match, f" {new}" if new == "(" else f"{new} "


def _some(pattern: re.Pattern[str], prose: Prose) -> Iterator[re.Match[str]]:
    """Iterate over what is within a token, but for a space before and after it."""
    return pattern.finditer(prose.text) if pattern.search(prose.marked) else iter(())


def _beside(prose: Prose) -> Iterator[tuple[re.Match[str], str]]:
    """Iterate over what sticks to a formula or to code after it."""
    words = (_BEFORE_CODE.match(prose.text, start) for start in words_before(prose.text, NOT_TEXT))
    pairs = [match for match in words if match]
    if any(stop + NOT_TEXT in prose.marked for stop in ".,;"):
        pairs += _AT_FORMULA.finditer(prose.text)
    for match in pairs:
        kind, after = prose.element(match.start() - 1).kind, prose.element(match.end())
        listed = kind == after.kind == "code" and match[0] == ","
        listed = listed and not _IN_CALL.search(
            prose.text, max(0, match.start() - 60), match.start()
        )
        if listed or (kind in ("math", "text") and _apart(match[0], after)):
            yield from [(match, f"{match[0]} ")] if after.at > prose.at(match.start()) else ()
    for near in _some(_GLUE, prose):
        word, before = _GLUED.match(prose.text, near.end()), prose.element(near.start())
        if word and before.kind == "math" and not before.level:
            yield word, f" {word[0]}"


def _apart(before: str, after: Element) -> bool:
    """Whether a space belongs between a word or a stop and code, a formula or a reference."""
    if after.kind == "math" and before.isalpha():
        return bool(_GLUED.fullmatch(before)) and after.body[:1] not in ("^", "_")
    code = after.kind == "code" and len(before) > 3 and not after.text.startswith("r ")
    return code or after.kind == "math" or after.name in ("ref", "numref", "eq")


def _in_order(match: re.Match[str]) -> bool:
    """Whether two numbers at a comma count on, rather than make a decimal: "1,2 or 3"."""
    before, after = match.string[match.start() - 1], match.string[match.end()]
    return not before.isdigit() or int(after) == int(before) + 1


def _both_known(match: re.Match[str]) -> bool:
    """Whether a stop is between two words of English, and in no name."""
    before = match.string[max(0, match.start() - 20) : match.start()].split()
    return {before[-1], match[1].lower()} <= word_classes().keys()


#: What finds a blank before one sign.
_SINGLE = (_LOOSE.pattern, _INNER.pattern)
_AFTER_HYPHEN = "there is a space after the hyphen of"
_ABOVE = "write it at the end of what is above"
#: What is wrong, by what finds it.
_FAULTS = {
    _STICKS.pattern: "there is no space after this full stop",
    _OPENS.pattern: "there is no space before this parenthesis",
    _COMMA.pattern: "there is no space after this comma or semicolon",
    _AT_FORMULA.pattern: "there is no space after this stop",
    _BEFORE_CODE.pattern: "there is no space after this word",
    _TURNED.pattern: "the space belongs after this comma",
    _GLUED.pattern: "there is no space after this formula",
    _CLOSED.pattern: "there is no space after this parenthesis",
    _RELATION.pattern: "there is no space before this sign",
    _PAGES.pattern: "there is no space after this abbreviation",
    _INNER.pattern: "there is a space within these parentheses",
    _WIDE_SIGN.pattern: "this character is full-width, as in Chinese",
}


@rule("warning")
def stop_doubled(book: Book) -> Iterator[Finding]:
    """Two stops follow each other.

    Bad: ``it falls..``, ``it falls,,``, ``the loss (of the model.).``

    Good: ``it falls.``; ``…`` for words left out

    Why: it is printed so.
    """
    for page in book.pages.values():
        marked = page.prose.marked
        some = any(pair in marked for pair in _PAIRS) or _WORD_COMMA.search(marked)
        for match in _DOUBLED.finditer(page.prose.text) if some else ():
            at = page.prose.at(match.start())
            if page.has_text(at, match[0]) and not page.prose.element(match.start()).name:
                new = next(sign for sign in "?.," if sign in match[0])
                new = {").": ").", ".,": ","}.get(match[0][-2:], new)
                message = f"'{match[0]}' is one stop too many; write '{new}'"
                yield found(at, message, Edit(at, match[0], new))


#: A hyphen between spaces and words; a range of numbers.
_DASH = re.compile(
    r"-(?:(?<=[a-zäöüß’'”\")\]*\d] -)-?(?= (?:[A-Za-zÄÖÜäöüß*\"“(]{2}|[aA] [A-Za-z]{3}|e\.g|i\.e))"
    r"|(?<=[A-Z]{2} -)(?= [A-Z]?[a-z]{2})"
    r"|(?<=[a-z]{2} -)(?=\n[a-z]{2})"
    r"|(?<=(?:day|eek|nth|ear|our)s -)(?= \d{1,3} (?:day|week|month|year|hour)s?\b))"
)
#: A difference: "`growth` = height91 - height90", "(*Queen* - *Rook*)".
_MINUS = re.compile(r"(?:= ?[\w.]{1,30}|\((?:\*\w{1,30}\*|_\w{1,30}_)) - \Z")
_RANGE = re.compile(
    r"(\d(?<![\w.,/:–-].)\d{0,3}(?:\.\d+)?)-(\d{1,4}(?:\.\d+)?)(?![\w–-]|[.,:/]\d)(?!\s?=)"
)
_WIDE_RANGE = re.compile(
    r"(\d(?<![\w.,/:–-].)(?<![+*/=<>-] .)\d{0,3}(?:,\d{3})?)(?: (?:--?|–)|-) "
    r"(\d{1,4}(?:,\d{3})?)(?![\w–-]|[.,:/]\d)(?!\s?[=+*/-])"
)
#: Two names with numbers, or numbers with a letter for thousands: "M01-M07", "33M-1.2B".
_CODES = re.compile(
    r"\b(?:([A-Z]{1,2})\d{1,3}-\1\d{1,3}|\d[\d.]*[KMBk]-\d[\d.]*[KMBk])\b(?![-/]\w)"
)
#: Numbers that stand for names, not for amounts.
_NAMED = re.compile(r"(?:[A-Z]\w*|[Vv]ersion|v|model|no|[Ii]sbn|doi)[ .]$")


@rule("warning")
def dash_typed(book: Book) -> Iterator[Finding]:
    """A hyphen is used where a dash belongs: between spaces, or between two numbers.

    Bad: ``the loss - as expected - falls``, ``5-20 words``

    Good: ``the loss – as expected – falls`` or ``--``, ``5–20 words``

    Why: a hyphen joins the parts of a word; it is too short for what it is to say here.
    """
    for page in book.pages.values():
        text = page.prose.text
        if "-" not in text and " – " not in text:
            continue
        for match in _DASH.finditer(text) if " - " in text or " -\n" in text else ():
            if match[0] == "-" and is_plain(page, match.start(), "-"):
                at = page.prose.at(match.start())
                if _MINUS.search(page.line(at), 0, at.column + 1):
                    continue
                yield found(at, "this hyphen is used as a dash; write '–'", Edit(at, "-", "–"))
        ranges: dict[tuple[str, str], list[Location]] = {}
        for match in (*_RANGE.finditer(text), *_WIDE_RANGE.finditer(text)):
            if _is_range(match) and is_plain(page, match.start(), match[0]):
                before = _SPAN.search(text, max(0, match.start() - 9), match.start())
                sign = f" {_TO[before[1].lower()]} " if before else "–"
                pair = match[0], sign.join(match.groups())
                ranges.setdefault(pair, []).append(page.prose.at(match.start()))
        for match in _CODES.finditer(text):
            if is_plain(page, match.start(), match[0]):
                pair = match[0], match[0].replace("-", "–")
                ranges.setdefault(pair, []).append(page.prose.at(match.start()))
        for (old, new), spots in ranges.items():
            times = f", {len(spots)} times on this page" if len(spots) > 1 else ""
            message = f"'{old}' is a range{times}; write '{new}'"
            yield found(spots[0], message, *(Edit(at, old, new) for at in spots))


#: Words before a range of which the second half is a word, too: "from 1 to 4".
_TO = {"from": "to", "between": "and", "von": "bis", "zwischen": "und"}
_SPAN = re.compile(rf"\b({'|'.join(_TO)}) \Z", re.IGNORECASE)


def _is_range(match: re.Match[str]) -> bool:
    """Whether two numbers with a hyphen are a range, and no month, name or version of R."""
    first, last = (float(number.replace(",", "")) for number in match.groups())
    is_month = len(match[1]) == 4 and len(match[2]) == 2 and last <= 12
    text, start = match.string, match.start()
    word = max(text.rfind(" ", 0, start - 1), text.rfind("\n", 0, start - 1)) + 1
    is_name = (_CODED if 1500 < first < last < 2100 else _NAMED).search(text, word, start)
    is_version = "." in match[1] and "." not in match[2]
    return first < last and not (is_month or is_name or is_version)


#: What has a number that looks like a range of years: "ISO 1989-2001".
_CODED = re.compile(r"(?<!\w)(?:[A-Z]{2,8}|[Vv]ersion|no)[ .]$")
