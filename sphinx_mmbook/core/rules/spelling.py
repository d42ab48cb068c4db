"""Rules on how words are spelt: articles, abbreviations, common slips, one way for one word."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from sphinx_mmbook.core.finding import Edit
from sphinx_mmbook.core.rules.formulas import broken_blocks
from sphinx_mmbook.core.rules.misspellings import OWN, corrections
from sphinx_mmbook.core.rules.registry import found, rule
from sphinx_mmbook.core.rules.word_classes import word_classes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx_mmbook.core.book.book import Book
    from sphinx_mmbook.core.finding import Finding, Location
    from sphinx_mmbook.core.pages.page import Page


def is_plain(page: Page, start: int, text: str, broken: set[int]) -> bool:
    """Whether prose at an offset is what the file has there, and an author's own words."""
    prose = page.prose
    element = prose.element(start)
    own = element.block not in broken and not element.name
    return own and page.has_text(prose.at(start), text) and not prose.is_foreign(start)


def places(text: str, begin: str) -> Iterator[int]:
    """Iterate over where a text has a piece: faster than an expression that looks back first."""
    start = text.find(begin)
    while start >= 0:
        yield start
        start = text.find(begin, start + 1)


class _Slip(NamedTuple):
    pattern: re.Pattern[str]
    new: str
    sign: str


#: Abbreviations as they are mistyped: what finds them, what to write, and how they begin.
_SLIPS = (
    _Slip(re.compile(r"(?<![\w.])e\.g(?=[ ,)])"), "e.g.", "e.g"),
    _Slip(re.compile(r"(?<![\w.])i\.e(?=[ ,)])"), "i.e.", "i.e"),
    _Slip(re.compile(r"(?<=[ (])eg\.?(?=[ ,])"), "e.g.", "eg"),
    _Slip(re.compile(r"(?<=[ (])ie\.?(?=[ ,])"), "i.e.", "ie"),
    _Slip(re.compile(r"(?<![\w.])e\.g\.(?=[A-Za-z]{2})"), "e.g. ", "e.g."),
    _Slip(re.compile(r"(?<![\w.])i\.e\.(?=[A-Za-z]{2})"), "i.e. ", "i.e."),
    _Slip(re.compile(r"(?<=[^.!?\s] \()E\.g\."), "e.g.", "E.g."),
    _Slip(re.compile(r"(?<=[^.!?\s] \()I\.e\."), "i.e.", "I.e."),
    _Slip(re.compile(r"(?<![\w./])and etc\.?(?!\w)"), "etc.", "and etc"),
    _Slip(re.compile(r"(?<![\w./])(?<!and )etc(?![\w.…])"), "etc.", "etc"),
    _Slip(re.compile(r"(?<![\w./])(?<!and )etc(?:\.{2,}|\.?…)"), "etc.", "etc"),
    _Slip(re.compile(r"(?<![\w.])i\.i\.d(?=[ ,);:])"), "i.i.d.", "i.i.d"),
    _Slip(re.compile(r"(?<![\w.])w\.r\.t(?=[ ,);:])"), "w.r.t.", "w.r.t"),
    _Slip(re.compile(r"(?<![\w.])Fig(?= \d)"), "Fig.", "Fig"),
    _Slip(re.compile(r"(?<![\w.])et\. al\.?(?!\w)"), "et al.", "et. al"),
    _Slip(re.compile(r"(?<![\w.])et al(?![\w.])"), "et al.", "et al"),
)


@rule("warning")
def abbreviation(book: Book) -> Iterator[Finding]:
    """An abbreviation lacks a stop or a blank, or has too many of them.

    Bad: ``e.g images``, ``i.e.the loss``, ``Lin et. al``, ``and etc.``

    Good: ``e.g. images``, ``i.e. the loss``, ``Lin et al.``, ``etc.``

    Why: it is printed so.
    """
    for page in book.pages.values():
        text = page.prose.text
        broken: set[int] | None = None
        for slip in _SLIPS:
            if slip.sign.rpartition(" ")[2].strip(".") not in page.prose.vocabulary:
                continue
            for start in places(text, slip.sign):
                match = slip.pattern.match(text, start)
                if match is None:
                    continue
                broken = broken_blocks(page) if broken is None else broken
                if is_plain(page, match.start(), match[0], broken):
                    at, new = page.prose.at(match.start()), slip.new
                    message = f"'{match[0]}' is mistyped; write '{new}'"
                    if new[-1] == " ":
                        message = f"there is no blank after '{match[0]}'; write one"
                    yield found(at, message, Edit(at, match[0], new))


@rule("warning")
def word_misspelt(book: Book) -> Iterator[Finding]:
    """A word is spelt as many people spell it, and wrong.

    Bad: ``seperate layers``, ``a poisson model``

    Good: ``separate layers``, ``a Poisson model``

    Why: it is printed so. Some 80,000 slips are known here; a spelling program knows more.
    """
    pages = [page for page in book.pages.values() if page.prose.is_english]
    words = [_words_of(page) for page in pages]
    listed = corrections({form for some in words for one in some for form in (one, one.lower())})
    for page, some in zip(pages, words, strict=True):
        meant = {word: new for word in some if (new := _meant(word, listed))}
        code = _code(page) if meant else ""
        meant = {word: new for word, new in meant.items() if not re.search(rf"\b{word}\b", code)}
        for word, new in sorted(meant.items()):
            within = word in listed or len(word) >= _LONG
            before, after = (r"(?<![\w-])" if within else _BEGIN), r"(?!\w)"
            after += "" if word in listed else "(?! (?:[A-Z]|van |von |de ))"
            if word.lower() == new.lower():
                before, after = _AROUND_NAME
            for match in re.finditer(f"{before}{word}{after}", page.prose.text):
                if is_plain(page, match.start(), word, set()):
                    at = page.prose.at(match.start())
                    yield found(at, f"'{word}' is misspelt; write '{new}'", Edit(at, word, new))


def _code(page: Page) -> str:
    """Return the code of a page, whose names are spelt as they are."""
    cells = (one.text for one in page.positions.values() if one.block.is_code)
    return " ".join([*(item.text for item in page.of("code")), *cells])


def _meant(word: str, listed: dict[str, str]) -> str:
    """Return what a word is a slip of, also at a sentence's begin; empty if it is none."""
    if word in listed or len(word) < _TITLE or not word.istitle():
        return listed.get(word, "")
    new = listed.get(word.lower(), "")
    return new.capitalize() if new.islower() else ""


#: Words with a capital are people's names as often, if they are shorter, or within a sentence.
_TITLE, _LONG = 6, 9
_BEGIN = r"(?:\A|(?<=[.!?]\s)(?<!M[rs]\.\s)(?<!Dr\.\s)(?<!Mrs\.\s)(?<!Prof\.\s)|(?<=\n\n))"


def _words_of(page: Page) -> set[str]:
    """Return a page's words without an 's, and the names within "non-cartesian" and its like."""
    words = {w[:-2] if w.endswith(("'s", "’s")) else w for w in page.prose.words}
    joined = [word.split("-") for word in words if word.startswith("non-") or word.endswith(_LIKE)]
    return words | {part for parts in joined if len(parts) == 2 for part in parts if part in OWN}


#: An adjective may have a name before these; longer chains are names of models and files.
_LIKE = ("-like", "-distributed", "-type")
#: What may stand around a name that lacks its capital, and not in the address of a page.
_AROUND_NAME = (r"(?:(?<![\w/.-])|(?<=[\s(]non-))", r"(?![\w/]|[-.]\w*\.)")


_TERM = re.compile(r"[A-Za-z][A-Za-z0-9]+(?:-[A-Za-z]{2,})?")
#: Spellings of British and American English: as they end, or what is in them.
_BRITISH = (
    (re.compile(r"(\w{3})is(e[drs]?|ers|ing|ations?)$"), r"\1iz\2"),
    (re.compile(r"(al)ys(e|ed|ing)$"), r"\1yz\2"),
    (re.compile(r"(behavi|neighb|^col|^fav|^lab|^hon|^flav)our"), r"\1or"),
    (re.compile(r"(model|label|signal|travel|cancel)l(ed|ing|ers?)$"), r"\1\2"),
    (re.compile(r"^centre"), "center"),
    (re.compile(r"^artefact"), "artifact"),
    (re.compile(r"(^judg|knowledg)ement"), r"\1ment"),
)


def common_key(word: str) -> str:
    """Return what all spellings of a word have in common."""
    key = word.lower().replace("-", "")
    for pattern, american in _BRITISH if len(key) > 5 else ():
        key = pattern.sub(american, key)
    return key.removesuffix("s") if not key.endswith("ss") else key


@rule("warning")
def spelling_mixed(book: Book) -> Iterator[Finding]:
    """A page spells one word in two ways.

    Bad: ``pre-trained`` and ``pretrained``, ``behaviour`` and ``behavior``, ``Wordpiece``
    and ``WordPiece``

    Good: one of them throughout

    Why: the reader wonders whether two things are meant, and a search finds half of the places.
    """
    by_page: dict[str, dict[str, Counter[str]]] = {}
    for name, page in book.pages.items():
        broken = broken_blocks(page)
        if page.prose.is_english:
            yield from _two_words(page, broken)
            yield from _hyphen_or_blank(page, broken)
            yield from _small_acronyms(page, broken)
        by_page[name] = _alike(page.prose.words)
        for some in by_page[name].values():
            pair = _mixed(some) if len(some) > 1 and not some.keys() & OWN.keys() else None
            at = first_place(page, pair[0], broken) if pair and not _named(page, pair) else None
            if pair and at:
                times = some[pair[1]]
                message = f"'{pair[0]}' is also spelt '{pair[1]}' on this page"
                message += f", {times} times" if times > 1 else ""
                yield found(at, f"{message}; write one of them throughout")
    yield from _between_pages(book, by_page)


def _between_pages(book: Book, by_page: dict[str, dict[str, Counter[str]]]) -> Iterator[Finding]:
    """Yield the words that some pages spell in one way and others in another."""
    words: dict[str, dict[str, set[str]]] = {}
    for name, groups in by_page.items():
        for key, some in groups.items():
            for form in some:
                words.setdefault(key, {}).setdefault(form, set()).add(name)
    everywhere = set().union(*(page.prose.words for page in book.pages.values()))
    for key, forms in words.items():
        for form in sorted(everywhere.intersection(_plain_forms(key))):
            on = {name for name, page in book.pages.items() if form in page.prose.words}
            forms.setdefault(form, set()).update(on)
    for forms in words.values():
        if len(forms) < 2:
            continue
        counts: Counter[str] = Counter()
        for form, names in forms.items():
            counts[form] = sum(book.pages[name].prose.words.get(form, 1) for name in names)
        pair = _mixed(counts) if not counts.keys() & OWN.keys() else None
        if not pair or forms[pair[0]] & forms[pair[1]]:
            continue
        if len({form.lower().replace("-", "").removesuffix("s") for form in pair}) > 1:
            continue  # they differ as British and American words do
        page, other = (book.pages[min(forms[form])] for form in pair)
        at = first_place(page, pair[0], broken_blocks(page))
        if at and not _named(page, pair) and not _named(other, pair):
            message = f"'{pair[0]}' is spelt '{pair[1]}' in {other.path}"
            yield found(at, f"{message}; write one of them throughout the book")


def _plain_forms(key: str) -> tuple[str, ...]:
    return key, f"{key}s", key.capitalize(), f"{key.capitalize()}s"


def _named(page: Page, pair: tuple[str, str]) -> bool:
    """Whether two forms are names of programs, or of a gene and its protein, one in italics."""
    if "-" in "".join(pair) and any(re.search(r"[a-z][A-Z]", form) for form in pair):
        return any(form in _code(page) for form in pair)
    if pair[0].lower() != pair[1].lower():
        return False
    texts = [positions.text for positions in page.positions.values()]
    italic = re.compile(rf"(?<![*_\w])[*_](?:{'|'.join(map(re.escape, pair))})(?!\w)")
    return any(italic.search(text) for text in texts)


#: How words end that are British, or may be.
_ENDINGS = (
    "ise", "ised", "ises", "iser", "isers", "ising", "isation", "isations", "yse", "ysed", "ysing",
    "lled", "lling", "ller", "llers",
)  # fmt: skip
_PARTS = ("our", "centre", "artefact", "gement")


def _alike(counts: dict[str, int]) -> dict[str, Counter[str]]:
    """Return the words of a page that may be one word in several spellings, by their key.

    Only words with a hyphen, a British ending or several capitals can have another: to make the
    key of each word takes five times as long.
    """
    groups: dict[str, Counter[str]] = {}
    for word, number in counts.items():
        plain = word.islower() or word.istitle()
        differs = not plain or "-" in word or word.endswith(_ENDINGS)
        if (differs or any(part in word for part in _PARTS)) and len(word) > 3:
            form = word.removesuffix("’s").removesuffix("'s")
            if _TERM.fullmatch(form):
                groups.setdefault(common_key(form), Counter())[form] += number
    for key, some in groups.items():
        some.update(
            {form: counts[form] - some[form] for form in _plain_forms(key) if form in counts}
        )
    return groups


#: Acronyms that some write in small letters.
_ACRONYMS = {
    name.lower(): name
    for name in (
        "API", "APIs", "CNN", "CNNs", "CPU", "CPUs", "DNA", "GPU", "GPUs", "HTML", "JSON", "LSTM",
        "LSTMs", "NLP", "RNA", "RNN", "RNNs", "URL", "URLs",
    )
}  # fmt: skip


def _small_acronyms(page: Page, broken: set[int]) -> Iterator[Finding]:
    """Yield acronyms that a page has in capitals and in small letters."""
    for small, name in _ACRONYMS.items():
        both = {name, name.removesuffix("s")} & page.prose.words.keys()
        if small in page.prose.words and both and (at := first_place(page, small, broken)):
            message = f"'{small}' is also spelt '{name}' on this page"
            yield found(at, f"{message}; write that throughout")


#: How nouns begin that are written as one word or two.
_FIRST_PARTS = (
    "auto", "back", "chat", "code", "cross", "data", "fine", "hyper", "meta", "multi", "soft",
    "sub", "time", "word",
)  # fmt: skip
_SECOND_PART = re.compile(r" ([a-z]{3,}?)s?(?![\w-])")


def _two_words(page: Page, broken: set[int]) -> Iterator[Finding]:
    """Yield words that a page writes as one and as two: "dataset" and "data set"."""
    text = page.prose.text
    opened: dict[str, list[str]] = {}
    small, vocabulary = text.lower().replace("\n", " "), page.prose.vocabulary.lower()
    if len(small) != len(text):
        return  # a letter that is two in small
    for first in _FIRST_PARTS:
        if f"{first}\n" not in vocabulary:
            continue
        for start in places(small, f"{first} "):
            match = _SECOND_PART.match(small, start + len(first))
            before = small[start - 1 : start]
            if match and not (before.isalnum() or before in ("-", "_")):
                opened.setdefault(first + match[1], []).append(text[start : match.end()])
    for word, apart in opened.items():
        if word not in vocabulary:
            continue
        joined = re.findall(rf"(?<![\w-])[{word[0]}{word[0].upper()}]{word[1:]}s?(?![\w-])", text)
        few, many = sorted((apart, joined), key=len)
        if few and (at := first_place(page, few[0], broken)):
            message = f"'{' '.join(few[0].split())}' is also spelt '{' '.join(many[0].split())}'"
            times = f", {len(many)} times" if len(many) > 1 else ""
            yield found(at, f"{message} on this page{times}; write one of them throughout")


#: What stands behind a noun that is none of an adjective's.
_NOUN_ENDS = r"(?=[.,;)]|\s(?:is|are|was|were|can|of|in|to|for|with|has|have)(?!\w))"


def _hyphen_or_blank(page: Page, broken: set[int]) -> Iterator[Finding]:
    """Yield nouns that a page writes with a hyphen and with a blank."""
    text, kinds = page.prose.text.replace("\n", " "), word_classes()
    for word in filter(re.compile("[a-z]+-[a-z]+").fullmatch, page.prose.words):
        first, _, last = word.partition("-")
        apart, nouns = f"{first} {last}", (kinds.get(first, ""), kinds.get(last, ""))
        if not all("n" in kind or "m" in kind for kind in nouns) or apart not in text:
            continue
        if not set("jrv").isdisjoint(nouns[0]) or not set("jr").isdisjoint(nouns[1]):
            continue
        forms = {
            form: len(re.findall(rf"(?<![\w-]){form}{_NOUN_ENDS}", text)) for form in (word, apart)
        }
        few, many = sorted(forms, key=lambda form: forms[form])
        if forms[few] and (at := first_place(page, few, broken)):
            message = f"'{few}' is also spelt '{many}' on this page"
            times = f", {forms[many]} times" if forms[many] > 1 else ""
            yield found(at, f"{message}{times}; write one of them throughout")


def _mixed(forms: Counter[str]) -> tuple[str, str] | None:
    """Return two spellings of one word, the rarer first; none if all is in order."""
    by_letters: dict[str, Counter[str]] = {}
    for form, number in forms.items():
        by_letters.setdefault(form.lower().removesuffix("s"), Counter())[form] += number
    if len(by_letters) > 1:
        ranked = sorted(by_letters.values(), key=lambda some: some.total())
        rare, usual = (some.most_common(1)[0][0] for some in (ranked[0], ranked[-1]))
        return (
            None
            if rare.lower().startswith("re-") or usual.lower().startswith("re-")
            else (rare, usual)
        )
    proper = [form for form, _ in forms.most_common() if _INNER.search(form.removesuffix("s"))]
    if not proper or any(form.islower() and form.isalpha() for form in forms):
        return None
    usual = forms.most_common(1)[0][0]
    # A sentence may begin with the name.
    others = [form for form, _ in forms.most_common() if _inner(form) != _inner(usual)]
    if not others:
        return None
    rare = others[-1]
    titled = [form for form in forms if form.istitle() and form.isalpha()]
    return None if titled and forms[proper[0]] < 2 else (rare, usual)


def _inner(form: str) -> str:
    return form[1:].removesuffix("s")


#: A name has capitals within.
_INNER = re.compile(r"[a-z0-9][A-Z]|[A-Z][A-Z][a-z]")


def first_place(page: Page, word: str, broken: set[int], *, own: bool = True) -> Location | None:
    """Return where a word first stands; a name before no capital, ``own`` outside quotations."""
    text = page.prose.text
    for match in re.finditer(rf"(?<![\w/.@-]){re.escape(word)}(?![\w/@-])", text):
        titled = word.istitle() and re.match(r"(?: for| of)? [A-Z]", text[match.end() :][:6])
        others = titled or (own and page.prose.is_quoted(match.start()))
        if not others and is_plain(page, match.start(), word, broken):
            return page.prose.at(match.start())
    return None
