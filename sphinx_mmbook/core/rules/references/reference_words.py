"""Rules on the words and signs around a reference: its kind, an article, the verb after it."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from sphinx_mmbook.core import expressions as re
from sphinx_mmbook.core.book.facts import Reference, references_of
from sphinx_mmbook.core.finding import Edit, Finding, also_in
from sphinx_mmbook.core.rules.references.references import with_article
from sphinx_mmbook.core.rules.registry import found, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx_mmbook.core.book.book import Book
    from sphinx_mmbook.core.pages.elements import Element
    from sphinx_mmbook.core.pages.page import Page

_SHOW = (
    "show|illustrate|display|represent|depict|present|compare|contain|give|indicate|list|provide"
)
_SINGULAR = {
    "fig": "figure", "figure": "figure", "abbildung": "figure", "abb": "figure",
    "table": "table", "tab": "table", "tbl": "table", "tabelle": "table",
    "eq": "equation", "eqn": "equation", "equation": "equation", "gleichung": "equation",
    "formula": "equation", "section": "section", "sec": "section", "chapter": "section",
    "chap": "section", "abschnitt": "section", "kapitel": "section", "listing": "code",
}  # fmt: skip
_WORD = re.compile(
    r"(?<![\w-])((?:(?:figure|table|equation|formula|section|chapter|listing)s?|abbildung(?:en)?"
    r"|tabellen?|gleichung(?:en)?|abschnitt|kapitel)(?!\.)|(?:fig|tbl|eqn|eq)s?"
    r"|(?:tab|sec|chap|abb)(?=\.))"
    r"\.?[\s\u00a0]+$",
    re.IGNORECASE,
)
#: How all of them end: to compare that is faster than the expression.
_ENDS = tuple(word + end for word in _SINGULAR for end in ("", "s", "en", "n"))


def _kind(word: str) -> str:
    stem = word.lower().rstrip(".")
    for end in ("", "s", "en", "n"):
        if kind := _SINGULAR.get(stem.removesuffix(end)):
            return kind
    return ""


@cache
def _prints_word(text: str) -> bool:
    """Whether the title of a ``{numref}`` has a word of its own; without title it has."""
    return not text or bool(re.search(r"[^\W\d_]", re.sub(r"%s|\{(number|name)\}", "", text)))


@rule("warning")
def reference_word(book: Book) -> Iterator[Finding]:
    """The word before a reference is printed twice, is missing, or is that of another kind.

    Bad: `` Figure {numref}`fig-loss` ``, which prints "Figure Figure 2.1";
    `` as seen in {numref}`%s <fig-loss>` ``, which prints "2.1"; `` Table {eq}`eq-loss` ``;
    `` The {numref}`fig-loss` shows ``, which prints "The Figure 2.1 shows";
    `` Section {ref}`sec-loss` ``, which prints "Section The loss"

    Good: `` {numref}`fig-loss` ``, `` Equation {eq}`eq-loss` ``

    Why: ``{numref}`` prints the word itself, ``{eq}`` only the number in parentheses.
    """
    kinds = _kinds(book)
    for page in book.pages.values():
        for position, element in page.numbered("role"):
            if element.name not in ("numref", "eq", "ref") or not position:
                continue
            before = page.elements[position - 1]
            if element.name == "numref" and "<" in element.text and _lacks_word(page, position):
                yield from _number_alone(page, element, kinds)
            near = max(len(before.text) - _NEAR, 0)
            if element.name in _NUMBERED and before.kind == "text":
                yield from _article(page, position)
            said = before.text[near:].rstrip().rstrip(".").lower().endswith(_ENDS)
            match = _WORD.search(before.text + " ", near) if said else None
            if not match or before.kind != "text" or before.block != element.block or before.name:
                continue
            if not before.text[-1:].isspace() and before.at.line == element.at.line:
                continue
            item = next(iter(references_of(_one(page, element))), None)
            if item and (kind := kinds.get(item.target.lower())):
                yield from _wrong_word(page, (before, element), item, match[1], kind)


def _kinds(book: Book) -> dict[str, str]:
    """Return what each label of a book names."""
    kinds = {label.name.lower(): label.kind for label in book.facts.labels()}
    kinds.update({name.lower(): obj.kind for obj in book.numbered_objects for name in obj.labels})
    return kinds


#: An article before a number, and what is not a noun after it: "the Figure 2 data" is fine.
_THE = re.compile(
    r"\b[Tt]he\s+(?:following\s+)?((?:[Ff]igure|[Tt]able|[Ss]ection|[Cc]hapter|[Ee]quation|[Ff]ig\.)s?\s+)?$"
)
_NO_NOUN = re.compile(
    rf"\s*[,.;:)]|\s+(?:(?:{_SHOW}|describe|summari[sz]e|visuali[sz]e|demonstrate)s?|is|are|was|were"
    r"|has|have|and|or|in|for|as|we|which|that|below|above|on|with|can|also|where|it|there)\b"
)


def _article(page: Page, position: int) -> Iterator[Finding]:
    """Yield an article before a reference, which prints "the Figure 2.1"."""
    before, element, *rest = page.elements[position - 1 : position + 2]
    text = before.text + " " * (before.at.line < element.at.line)
    match = _THE.search(text, max(len(text) - _NEAR, 0))
    if not match or before.block != element.block or before.name:
        return
    if rest and rest[0].block == element.block and not _NO_NOUN.match(rest[0].text):
        return
    title = element.text.rpartition("<")[0]
    if element.name == "eq":
        if not (match[1] or "")[:1].isupper():
            return  # "the equation (3)"
    elif match[1] and _prints_word(title):
        return  # that the word is printed twice is said already
    at = before.at.right(before.text.rfind(match[0].strip()))
    old = f"{match[0]}{{{element.name}}}`{element.text}`"
    article = re.sub(r"\s+", " ", match[0].removesuffix(match[1] or "").strip())
    new = old[len(match[0]) - len(match[1] or "") :]
    new = new[0].upper() + new[1:] if old[0] == "T" else new
    fix = page.edits(at, old, new)
    message = f"'{article}' comes before a name such as 'Figure 2.1', which has no article"
    yield found(at if fix else element.at, f"{message}; delete it", *fix)


#: Words after which a number alone makes no sense, and those that say what it is of.
_LACKS = re.compile(r"(?:[^\W\d_]{2}|vgl\.|cf\.)\s+$|[a-z] \($")
_SAYS = re.compile(
    r"(?:and|or|to|und|oder|bis|step|part|appendix|theorem|lemma|definition|example|algorithm|model|"
    r"sub\w{3,8}|plot|box|panel|line|page|number|the|schritt|teil|anhang|satz)s?\s+$", re.I
)  # fmt: skip
#: How far before a reference the word for its number may stand.
_NEAR = 40


def _lacks_word(page: Page, position: int) -> bool:
    """Whether no word says what the number of a reference is that of."""
    before, element = page.elements[position - 1], page.elements[position]
    text = before.text + " " * (before.at.line < element.at.line)
    said = before.kind != "text" or before.block != element.block or before.name
    if said or not _LACKS.search(text, max(len(text) - _NEAR, 0)):
        return False
    words = re.findall(r"[^\W\d_]+", text[-_NEAR:])
    return len(words) > 1 and not any(map(_kind, words)) and not _SAYS.search(text[-_NEAR:])


def _number_alone(page: Page, element: Element, kinds: dict[str, str]) -> Iterator[Finding]:
    """Yield a reference that prints a number and no word, where none is before it."""
    item = next(iter(references_of(_one(page, element))), None)
    kind = kinds.get(item.target.lower()) if item and item.text else None
    if item and kind in ("figure", "table", "section") and not _prints_word(item.text):
        old, new = f"{{numref}}`{element.text}`", f"{{numref}}`{item.target}`"
        message = f"'{old}' prints the number alone, and no word before it says of what"
        yield found(element.at, f"{message}; write {new}", *page.edits(element.at, old, new))


def _one(page: Page, element: Element) -> Page:
    return type(page)(page.docname, page.source, (element,))


def _wrong_word(
    page: Page, pair: tuple[Element, Element], item: Reference, word: str, kind: str
) -> Iterator[Finding]:
    before, element = pair
    role, meant = item.role, _kind(word)
    written = f"{{{element.name}}}`{element.text}`"
    start = before.at.right(before.text.rfind(word))
    same_line = before.at.line == element.at.line
    old = f"{page.line(start)[start.column - 1 : element.at.column - 1]}{written}"
    new = f"{{numref}}`{item.target}`"
    number_only = role == "eq" or (role == "numref" and kind == "equation")
    if kind not in ("figure", "table", "equation", "section", "code"):
        return
    if meant != kind and not (role == "ref" and (item.text or kind == "section")):
        printed = kind if kind != "code" else "listing"
        text = f"'{word}' before a reference to {with_article(printed)}"
        yield found(start, f"{text}; delete the word, or write the one that fits")
        return
    if role == "ref" and not item.text and kind in ("figure", "table"):
        message = f"'{word} {written}' prints the whole caption after the word; write {new}"
    elif role == "ref" and not item.text and kind == meant == "section":
        new = f"{{numref}}`Chapter %s <{item.target}>`" if word.lower() == "chapter" else new
        message = f"'{word} {written}' prints the title; if its number is meant, write {new}"
        yield Finding(start, "reference-word", message, "info")
        return
    elif role == "numref" and not number_only and _prints_word(item.text):
        if kind == "section" and word.lower() == "chapter":
            new = f"{{numref}}`Chapter %s <{item.target}>`"
        elif item.text:
            new = written
        message = f"'{word}' is printed twice: {{numref}} prints the word itself; write {new}"
    else:
        return
    fixable = same_line and word[-1:] != "s" and old.startswith(word)
    yield found(start, message, *((Edit(start, old, new),) if fixable else ()))


_NUMBERED = ("numref", "eq")
_ONE = re.compile(rf"\s+(?:(?:{_SHOW}|describe|demonstrate|summari[sz]e|visuali[sz]e)s|is|has)\b")
_MANY = re.compile(rf"\s+(?:{_SHOW}|describe|demonstrate|summari[sz]e|visuali[sz]e|are|have)\b")
_OTHER_FORM = {"is": "are", "are": "is", "has": "have", "have": "has"}
_BEGIN = re.compile(r"(?:\A|(?<!\b[FT][ia][gb]s)(?<!\bEqs)(?<!\bSecs)[.!?]\s)\s*\Z")
_SEVERAL = re.compile(r"(?:\A|[.!?]\s)\s*(?:(?:Both|Figures?|Tables?|Sections?|Equations?)\s+)?\Z")


@rule("warning")
def reference_verb(book: Book) -> Iterator[Finding]:
    """The verb after one reference is plural, or after several singular.

    Bad: `` {numref}`fig-a` show the loss ``, `` {numref}`fig-a` and {numref}`fig-b` shows it ``

    Good: `` {numref}`fig-a` shows the loss ``, `` {numref}`fig-a` and {numref}`fig-b` show it ``

    Why: one figure shows, two figures show.
    """
    for page in book.pages.values():
        for position, element in page.numbered("role"):
            if element.name not in _NUMBERED or not 0 < position < len(page.elements) - 1:
                continue
            before, after = page.elements[position - 1], page.elements[position + 1]
            if after.kind != "text" or after.block != element.block:
                continue
            start = before.text if before.kind == "text" and before.block == element.block else ""
            if start.strip() in ("and", "und", "&") and position > 2:
                wrong = _ONE.match(after.text) if _pair(page, position - 2) else None
                things = "several things"
            else:
                first = position < 2 or page.elements[position - 2].block != element.block
                begins = before.block != element.block or (
                    before.kind == "text"
                    and _BEGIN.search(start, max(len(start.rstrip()) - 1, 0))
                    and (first or start.strip())
                )
                wrong = _MANY.match(after.text) if begins else None
                things = "one thing"
            if wrong:
                verb = wrong[0].strip()
                new = _OTHER_FORM.get(verb) or (verb[:-1] if verb[-1] == "s" else f"{verb}s")
                message = f"'{verb}' follows a reference to {things}"
                yield found(element.at, f"{message}; write '{new}'")


def _pair(page: Page, position: int) -> bool:
    """Whether an element is a reference at the begin of a sentence."""
    first, before = page.elements[position], page.elements[position - 1]
    if first.kind != "role" or first.name not in _NUMBERED:
        return False
    return before.block != first.block or bool(
        before.kind == "text" and _SEVERAL.search(before.text)
    )


def _starts(text: str) -> bool:
    """Whether a sentence begins after a text."""
    before = text.rstrip()
    return not before or before[-1] in ".!?:" or "\n\n" in text[len(before) :]


@rule("warning")
def reference_word_mixed(book: Book) -> Iterator[Finding]:
    """The word before the numbers of one kind is written in two ways on a page.

    Bad: `` see figure {numref}`%s <fig-a>` `` and `` in Fig. {numref}`%s <fig-b>` ``

    Good: one of the two, or `` {numref}`fig-a` `` alone, which prints "Figure 2.1"

    Why: the reader sees "figure 2.1" here and "Fig. 2.2" there, and wonders why.
    """
    kinds = _kinds(book) if book.settings.language.startswith("en") else {}
    for page in book.pages.values():
        forms: dict[str, dict[str, list[Element]]] = {}
        for position, element in page.numbered("role"):
            if element.name in _NUMBERED and (form := _form(page, position, kinds)):
                kind = "chapter" if form.lower() == "chapter" else _kind(form)
                forms.setdefault(kind, {}).setdefault(form, []).append(element)
        for some in forms.values():
            usual = max(some, key=lambda form: len(some[form]))
            for form, places in some.items():
                if form != usual:
                    also = also_in(item.at for item in places)
                    message = f"'{form}' comes before this number{also}, '{usual}' before others"
                    yield found(places[0].at, f"{message} of the page; use one form throughout")


def _form(page: Page, position: int, kinds: dict[str, str]) -> str:
    """Return the word before a number in the midst of a sentence: "figure", "Fig."."""
    element, before = page.elements[position], page.elements[max(position - 1, 0)]
    within = position and before.block == element.block
    text = f"{before.text} " if within and before.kind == "text" else "-" * within
    if element.name == "numref" and "<" not in element.text:
        kind = kinds.get(element.text.strip().lower(), "")
        within = kind in ("figure", "table") and not _starts(text)
        return kind.capitalize() if within else ""
    match = _WORD.search(text, max(len(text) - _NEAR, 0))
    if not match or _starts(text[: match.start()]):
        return ""
    stop = "." * (match[0].rstrip()[-1] == ".")
    usual = stop and text[match.start() - 1] == "("  # a short form in parentheses
    return "" if usual else match[1].removesuffix("s") + stop


_IN_PARENTHESES = re.compile(r"\((\{eq\}`[^`\n]+`)\)")


@rule("warning")
def equation_parentheses(book: Book) -> Iterator[Finding]:
    """The reference to an equation is in parentheses, which it has itself.

    Bad: ``the sum ({eq}`eq-sum`)``

    Good: ``the sum {eq}`eq-sum```

    Why: "((1))" is printed.
    """
    if "math_eqref_format" in book.settings.texts:
        return
    for page, element in book.elements("role"):
        before = element.at.right(-1)
        if element.name != "eq" or element.at.column < 2 or not page.has_text(before, "("):
            continue
        if match := _IN_PARENTHESES.match(page.line(before), before.column - 1):
            message = f"'{match[0]}' is printed with two pairs of parentheses"
            edit = Edit(before, match[0], match[1])
            yield found(before, f"{message}; write {match[1]}", edit)
