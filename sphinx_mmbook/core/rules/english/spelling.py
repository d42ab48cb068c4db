"""Rules on how words are spelt: abbreviations and common slips."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sphinx_mmbook.core import expressions as re
from sphinx_mmbook.core.english.misspellings import OWN, corrections
from sphinx_mmbook.core.english.word_classes import word_classes
from sphinx_mmbook.core.finding import Edit
from sphinx_mmbook.core.rules.registry import found, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx_mmbook.core.book.book import Book
    from sphinx_mmbook.core.finding import Finding, Location
    from sphinx_mmbook.core.pages.page import Page


def is_plain(page: Page, start: int, text: str, *, anywhere: bool = False) -> bool:
    """Whether prose at an offset is what the file has there, and an author's own words.

    ``anywhere``: also in a block with a "$" too many.
    """
    prose = page.prose
    element = prose.element(start)
    own = (anywhere or element.block not in page.broken) and not element.name
    return own and page.has_text(prose.at(start), text) and not prose.is_foreign(start)


def places(text: str, begin: str) -> Iterator[int]:
    """Iterate over where a text has a piece: faster than an expression that looks back first."""
    start = text.find(begin)
    while start >= 0:
        yield start
        start = text.find(begin, start + 1)


def words_before(text: str, sign: str) -> Iterator[int]:
    """Iterate over where the words right before a sign begin: faster than to look at all words."""
    for start in places(text, sign):
        begin = start
        while begin and text[begin - 1].isalpha():
            begin -= 1
        if begin < start:
            yield begin


class _Slip(NamedTuple):
    pattern: re.Pattern[str]
    new: str
    sign: str


#: Abbreviations as they are mistyped: what finds them, what to write, and how they begin.
_SLIPS = (
    _Slip(re.compile(r"(?<![\w.])e\. g\.(?!\w)"), "e.g.", "e. g."),
    _Slip(re.compile(r"(?<![\w.])i\. e\.(?!\w)"), "i.e.", "i. e."),
    _Slip(re.compile(r"(?<![\w.])e\.g(?=[ ,)])"), "e.g.", "e.g"),
    _Slip(re.compile(r"(?<![\w.])i\.e(?=[ ,)])"), "i.e.", "i.e"),
    _Slip(re.compile(r"(?<=[ (])eg\.?(?=[ ,])"), "e.g.", "eg"),
    _Slip(re.compile(r"(?<=[ (])ie\.?(?=[ ,])"), "i.e.", "ie"),
    _Slip(re.compile(r"(?<![\w.])e\.g\.(?=[A-Za-z]{2})"), "e.g. ", "e.g."),
    _Slip(re.compile(r"(?<![\w.])i\.e\.(?=[A-Za-z]{2})"), "i.e. ", "i.e."),
    _Slip(re.compile(r"(?<![\w.])e\.g\.:(?= )"), "e.g.,", "e.g"),
    _Slip(re.compile(r"(?<![\w.])i\.e\.:(?= )"), "i.e.,", "i.e"),
    _Slip(re.compile(r"(?<=[^.!?\s] \()E\.g\."), "e.g.", "E.g."),
    _Slip(re.compile(r"(?<=[^.!?\s] \()I\.e\."), "i.e.", "I.e."),
    _Slip(re.compile(r"(?<![\w./])and etc\.?(?!\w)"), "etc.", "and etc"),
    _Slip(re.compile(r"(?<![\w./])(?<!and )etc(?![\w.…])"), "etc.", "etc"),
    _Slip(re.compile(r"(?<![\w./])(?<!and )etc(?:\.{2,}|\.?…)"), "etc.", "etc"),
    _Slip(re.compile(r"\.\.\.etc\.?(?![\w.])"), ", etc.", "...etc"),
    _Slip(re.compile(r"(?<![\w-])vice-versa(?!\w)"), "vice versa", "vice-versa"),
    _Slip(re.compile(r"(?<![\w.])i\.i\.d(?=[ ,);:])"), "i.i.d.", "i.i.d"),
    _Slip(re.compile(r"(?<![\w.])w\.r\.t(?=[ ,);:])"), "w.r.t.", "w.r.t"),
    _Slip(re.compile(r"(?<![\w.])Fig(?= \d)"), "Fig.", "Fig"),
    _Slip(re.compile(r"(?<![\w.])et\. al\.?(?!\w)"), "et al.", "et. al"),
    _Slip(re.compile(r"(?<![\w.])et al(?![\w.])"), "et al.", "et al"),
)


#: What ends with a stop within a sentence.
SHORT = re.compile(
    r"(?:[^\W\d_]|[ivx]{2,4}|al|approx|avg|ca|cf|chap|conf|cont|dept|dim|dr|ed|eds|eg|eq|eqs|esp|est|etc"
    r"|ex|figs?|ibid|ie|inc|incl|jr|ltd|max|min|mr|mrs|ms|no|nr|op|pp?|prof|proc|ref|refs|resp|sec|spp?|st"
    r"|std|tab|temp|trans|univ|unsup|var|vol|vs|abb|bspw|bzw|ggf|inkl|kap|sog|usw|vgl|ggü|evtl|i|com|org|de"
    r"|py|md|js|io|net|txt|csv)",
    re.IGNORECASE,
)


@rule("warning")
def abbreviation(book: Book) -> Iterator[Finding]:
    """An abbreviation lacks a stop or a space, or has too many of them.

    Bad: ``e.g images``, ``i.e.the loss``, ``Lin et. al``, ``and etc.``

    Good: ``e.g. images``, ``i.e. the loss``, ``Lin et al.``, ``etc.``

    Why: it is printed so.
    """
    for page in book.pages.values():
        text = page.prose.text
        for slip in _SLIPS:
            if slip.sign.rpartition(" ")[2].strip(".") not in page.prose.vocabulary:
                continue
            for start in places(text, slip.sign):
                match = slip.pattern.match(text, start)
                if match is None:
                    continue
                at, new = page.prose.at(match.start()), slip.new
                told = new == "et al." and _goes(book, page.line(at), at.column - 1)
                if not told and is_plain(page, match.start(), match[0]):
                    message = f"'{match[0]}' is mistyped; write '{new}'"
                    if new[-1] == " ":
                        message = f"there is no space after '{match[0]}'; write one"
                    yield found(at, message, Edit(at, match[0], new))


_CITED = re.compile(
    r"(?<![\w’'-])([^\W\d_][\w’'-]*+) "
    r"(?=(et\.? al\.?,? ?\{cite(?::[pt])?\}`([^`{},]+)`(?![ ,;]{0,2}\{cite)))"
)


def _goes(book: Book, line: str, start: int) -> bool:
    """Whether cite-name-twice has the citation after "Lin et al" take the place of both."""
    cited = (match for match in _CITED.finditer(line) if match.start(2) == start)
    match = next(cited, None) if line[:1] != "#" else None
    entry = book.library.entries.get(match[3]) if match else None
    author = entry.authors[0].family if entry and entry.authors else ""
    return bool(match and author.rpartition(" ")[2] == match[1])


@rule("warning")
def word_misspelt(book: Book) -> Iterator[Finding]:
    """A word is spelt as many people spell it, and wrong.

    Bad: ``seperate layers``, ``a poisson model``

    Good: ``separate layers``, ``a Poisson model``

    Why: it is printed so. Some 80,000 slips are known here; a spelling program knows more.
    """
    words = [_words_of(page) for page in book.english]
    listed = corrections({form for some in words for one in some for form in (one, one.lower())})
    for page, some in zip(book.english, words, strict=True):
        meant = {word: new for word in some if (new := _meant(word, listed))}
        code = page_code(page) if meant else ""
        meant = {word: new for word, new in meant.items() if not re.search(rf"\b{word}\b", code)}
        for word, new in sorted(meant.items()):
            own = not {new, new.lower()}.isdisjoint(page.prose.words)
            within = word in listed or len(word) >= _LONG or own
            before, after = (_PART if within else _BEGIN), r"(?!\w|-\d)"
            named = _NAMED if word not in listed else None
            if word.lower() == new.lower():
                before, after = _AROUND_NAME
            for match in re.finditer(f"{before}{word}{after}", page.prose.text):
                at = page.prose.at(match.start())
                if named and named.match(page.prose.text, match.end()) and page.line(at)[:1] != "#":
                    continue
                if _ITALICS.search(page.line(at), 0, at.column + len(word)):
                    continue  # Latin, or what is spoken of
                if word.lower() == new.lower() and page.prose.is_quoted(match.start()):
                    continue  # a title as another has it
                if is_plain(page, match.start(), word, anywhere=True):
                    advice = _advice(match, new)
                    alone = advice != f"'{new}'"
                    message = f"'{word}' is misspelt; write {advice}"
                    yield found(at, message, *(() if alone else (Edit(at, word, new),)))


def _advice(match: re.Match[str], new: str) -> str:
    """Return what to write for a slip: after "these", no "software"."""
    kinds, at = set(word_classes().get(new, "")), match.start()
    if match[0] != f"{new}s":
        return f"'{new}'"
    if "m" in kinds and "p" not in kinds and _MANY.search(match.string, max(0, at - 9), at):
        return "'programs'" if new == "software" else f"'pieces of {new}'"
    return f"'{new}'" + " and a noun" * ("j" in kinds and kinds.isdisjoint("np"))


_MANY = re.compile(
    r"(?<!\w)(?:these|those|many|both|several|few|various|two|all)\s\Z", re.IGNORECASE
)
#: A few words in italics, up to the end of the last one.
_ITALICS = re.compile(r"(?<![*\w])[*_](?![*_\s])(?:[\w-]+ ){0,2}[\w-]+[*_]\Z")


def page_code(page: Page) -> str:
    """Return the code of a page, whose names are spelt as they are."""
    cells = (one.text for one in page.positions.values() if one.block.is_code)
    return " ".join([*(item.body or item.text for item in page.of("code", "code-cell")), *cells])


def _meant(word: str, listed: dict[str, str]) -> str:
    """Return what a word is a slip of, also at a sentence's begin; empty if it is none."""
    if word in listed or len(word) < _TITLE or not word.istitle():
        return listed.get(word, "")
    new = listed.get(word.lower(), "")
    return new.capitalize() if new.islower() else ""


_NAMED = re.compile(r"(?: for| of)? [A-Z]| (?:van|von|de) ")
_NAME_BEFORE = re.compile(r"\b(?!The|This|In|An|Our|For)[A-Z]\w+ \Z")
#: Words with a capital are people's names as often, if they are shorter, or within a sentence of a
#: page that has not what is meant.
_TITLE, _LONG, _SHORTEST = 6, 9, 5
#: A word, or a part of one with a hyphen, but for that of "pre-empted".
_PART = r"(?<![\w/.@])(?<!pre-)(?<!\b[A-Z]-)"
_BEGIN = r"(?:\A|(?<=[.!?]\s)(?<!M[rs]\.\s)(?<!Dr\.\s)(?<!Mrs\.\s)(?<!Prof\.\s)|(?<=\n\n))"


def _words_of(page: Page) -> set[str]:
    """Return a page's words without an 's, and parts of words: names in "non-cartesian" alone."""
    words = {w[:-2] if w.endswith(("'s", "’s")) else w for w in page.prose.words}
    joined = [(word, word.split("-")) for word in words if "-" in word]
    return words | {
        part
        for word, parts in joined
        for part in parts
        if (len(parts) == 2 and _JOINED.search(word) if part in OWN else len(part) >= _SHORTEST)
    }


#: An adjective may have a name before these; longer chains are names of models and files.
_JOINED = re.compile("^non-|-(?:like|distributed|type|based)$|^[A-Z].*-[A-Z]")
#: What may stand around a name that lacks its capital, and not in the address of a page.
_AROUND_NAME = (r"(?:(?<![\w/.:-])|(?<=[\s(]non-))", r"(?![\w/]|[-.]\w*\.)")


_BOTH = re.compile(r"\w-(?: (?:and|or|to))? \Z")


#: A word that is spoken of, alone in italics; and a line of a typed list of works, which is short.
_SPOKEN_OF = re.compile(r"[*_][\w-]+[*_](?!\w)")
_ENTRY = 500
TYPED_WORK = re.compile(r"\d{4};|doi\b|pp\. |\d\(\d+\), \d+[-–]\d|\((?:19|20)\d\d\)\. [A-Z]")


def first_place(page: Page, word: str, *, own: bool = True) -> Location | None:
    """Return where a word first stands; a name beside no capital, ``own`` outside quotations."""
    text = page.prose.text
    for match in re.finditer(rf"(?<![\w/.@-]){re.escape(word)}(?![\w/@-])", text):
        at = page.prose.at(match.start())
        named = word.istitle() and page.line(at)[:1] != "#"
        if named and not _NAMED.match(text, match.end()):
            begin = max(match.start() - 20, 0)
            named = own and bool(_NAME_BEFORE.search(text, begin, match.start()))
        # In "down- and up-sampling" the hyphen is that of both.
        both = "-" in word and _BOTH.search(text, max(match.start() - 8, 0), match.start())
        others = named or both or (own and page.prose.is_quoted(match.start()))
        line = page.line(at)
        typed = len(line) < _ENTRY and TYPED_WORK.search(line)
        spoken = _SPOKEN_OF.match(line, max(at.column - 2, 0)) or typed
        if not (others or spoken) and is_plain(page, match.start(), word, anywhere=not own):
            return at
    return None
