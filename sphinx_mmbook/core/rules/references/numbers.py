"""Rules on numbers typed by hand where the book counts by itself."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from sphinx_mmbook.core import expressions as re
from sphinx_mmbook.core.book.toctree import headings
from sphinx_mmbook.core.files.lookup import is_url, path_from
from sphinx_mmbook.core.finding import Edit, Finding
from sphinx_mmbook.core.pages.prose import NOT_TEXT, Prose
from sphinx_mmbook.core.references.equations import place_in
from sphinx_mmbook.core.rules.english.spelling import places
from sphinx_mmbook.core.rules.registry import found, rule

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sphinx_mmbook.core.book.book import Book
    from sphinx_mmbook.core.pages.elements import Element
    from sphinx_mmbook.core.pages.page import Page
    from sphinx_mmbook.core.references.labels import Label

_KINDS = {
    "s": "section", "c": "section", "k": "section", "f": "figure", "t": "table", "e": "equation",
    "g": "equation", "a": "appendix",
}  # fmt: skip
_NUMBER_TYPED = re.compile(
    r"\d\d?(?:\.\d{1,2}){0,3}(?:[A-Ha-h](?!\w))?(?![\w%]|[.,]\d|-[^\W\d]|\u00a0?%)\)?"
)
#: Looked for before each number: numbers are rare, words are not.
_WORD_BEFORE = re.compile(
    r"(?<![\w{:-])((?:sub-?)?sections?|sec\.|(?:sub-?)?chapters?|chap\.|figures?|figs?\.?|tables?|tab\.|equations?|eqs?\.|sect\.?"
    r"|ch\.|eqn\.?|abschnitt|kapitel|abbildung|abb\.|tabelle|gleichung)[ \n\u00a0]?"
    r"[ \u00a0]?\(?$",
    re.IGNORECASE,
)
_APPENDIX = re.compile(
    r"([Aa]ppendi(?:x|ces)) (?:as )?([A-H](?:\.\d{1,2})*)"
    rf"(?!\w|\.\d|[-’']\w|:| [-–—A-Z]|[^.\n]{{0,60}}{NOT_TEXT})"
)
#: What makes the number that of another work: "Figures 3 and 4 of the paper", "Section 2 in [12]".
_FOREIGN = re.compile(
    r"(?:\s*(?:,|and|or|to|und|oder|bis|[&–-])\s*(?:chapters?\s|sections?\s)?\d[\d.]*(?!\w))*(?:\)?,?\s*(?:of|in|from|by|to|at)\s+(?:(?:the|their|his|her|its|that|an?)\s+)?"
    r"(?:\w+\s+){0,2}?(?:paper|papers|original|book|textbook|work|article|supplement\w*|report|survey"
    r"|documentation|thesis|appendix|publication|study|law|act|gdpr|regulation|constitution)\b"
    rf"|\)?,?\s*(?:of|in|from|by)\s+(?:(?:the\s+)?(?!Chapter|Section|Part|Fig|Table)[A-ZÄÖÜ]"
    rf"|[{NOT_TEXT}\[@])|\s*\(?{NOT_TEXT}|\s+et al)"
    rf"|\)?,?\s*(?:von|aus|bei|in|im|nach)\s+(?:{NOT_TEXT}|(?:(?:der|dem|des|den|ihrer|seiner|einem)\s+)?"
    r"(?:Original|Artikel|Buch|Lehrbuch|Arbeit|Studie|Aufsatz|Paper|Bericht|Dissertation|Anhang)\w*)"
    r"|\s*bei\s+[A-ZÄÖÜ]"
)
#: A page number soon after, or somebody's name before, says the same.
_PAGED = re.compile(r"[^\n]{0,80}\((?:pages?|pp?\.|S\.)\s?\d")
_OWNED = re.compile(
    r"(?:\w[’']s|\((?-i:[A-Z]{3,8})"
    r"|\b(?:his|her|their|its|(?:paper|article|book|work|authors?)(?: does| do)? in))\s+$"
    r"|\b(?:supporting information|supplement\w*)\b[^.\n]{0,40}$"
    # "[@lin2014, chap. 3]", "@lin2014 [Equation (5)]", "reproducing Figure 7.1".
    r"|@[\w:.-]*\w\]?(?:,\s+|\s*\[,?\s*)$|\b(?:reproduc|replicat)(?:es?|ing|ed)(?:\s\w+)?\s+$",
    re.IGNORECASE,
)
_SPAN = 120


@rule("warning")
def number_typed(book: Book) -> Iterator[Finding]:
    """The number of a chapter, section, figure, table or equation is typed by hand.

    Bad: ``as Section 2.4 shows``

    Good: ``as {numref}`sec-loss` shows``

    Why: the next chapter that is added or moved makes the number wrong, and nobody notices; of the
    numbers typed in one seminar's book nearly half were wrong when it was printed.
    """
    numbers = _numbers(book)
    now = {label.name.lower(): ("", _reference(label)) for label in book.facts.labels()}
    now |= {text.partition("`")[2][:-1].lower(): (item[1], text) for item, text in numbers.items()}
    for page in book.pages.values():
        prose, kinds = page.prose, {"appendix", *(kind for kind, _ in numbers)}
        # A chunk of R Markdown may show both; a table may lack its caption.
        shows = any(item.name[:2] == "{r" for item in page.of("code"))
        kinds |= {"figure"} if shows or any(page.of("image")) else set()
        kinds |= {"table"} if shows or any(page.of("table")) else set()
        for element in page.of("math"):
            some = ")" in element.body[-5:]
            last = max(0, len(element.body) - 80)
            if some and (typed := _OF_FORMULA.search(element.body, last)):
                kinds.add("equation")
                message = f"the number '{typed[1]}' of this formula is typed by hand; delete it"
                advice = "write '$$ (eq-name)' for the last '$$' if something refers to it"
                yield found(place_in(page, element, typed.start(1)), f"{message}, and {advice}")
        heads = {item.at.line for item in page.of("heading")}
        for word, number, start, end in _typed(prose.text):
            kind = _KINDS[word[0].lower()] if word[:2].lower() != "ab" else _ab(word)
            at = prose.at(start)
            target = prose.element(end - 1).name
            if kind not in kinds or at.line in heads:
                continue
            if target[:1] != "#" and _is_of_another_work(prose, start, end):
                continue
            link = _linked(book, page, target)
            advice = _advice((kind, number), numbers, now.get(link.lower()) if link else None)
            yield found(at, f"the number in '{word} {number}' is typed by hand; {advice}")


#: A number at the end of a formula, pushed away from it.
_OF_FORMULA = re.compile(
    r"(?:\\q?quad|\\hspace\*?\{[^{}]*\}|\\hfill|(?:\\[;,: ]|~)\s*(?:\\[;,: ]|~))[\s~]*"
    r"(?:\\text\{)?(\([1-9]\d?(?:\.\d{1,2}){0,2}[a-z]?\))\}?\s*[.,]?\s*\Z"
)


def _reference(label: Label) -> str:
    return f"{{{'eq' if label.kind == 'equation' else 'numref'}}}`{label.name}`"


def _linked(book: Book, page: Page, target: str) -> str:
    """Return the label to which a link around a number leads, if any."""
    path, _, label = target.partition("#")
    docname = re.sub(r"\.(md|ipynb)$", "", path_from(page.path, path)) if path else ""
    if docname in book.pages and not label:
        return str(book.pages[docname].source.front.fields.get("label") or "")
    return label


def _advice(
    typed: tuple[str, str], numbers: Mapping[tuple[str, str], str], link: tuple[str, str] | None
) -> str:
    """Say what to write for what was typed; ``link`` is the number and reference it leads to."""
    if link:
        now, reference = link
        stale = f"its link leads to {now}: " if now not in ("", typed[1]) else ""
        return f"{stale}write {reference}"
    if typed[0] == "section" and typed not in numbers:
        return (
            "the book has no such number; refer to the label of what is meant, "
            "or say of which other work it is"
        )
    if reference := numbers.get(typed, ""):
        return f"write {reference} if that is meant"
    return "give what is meant a label, and refer to that"


def _typed(text: str) -> Iterator[tuple[str, str, int, int]]:
    """Iterate over typed numbers: the word before, the number, begin and end of both."""
    for match in _NUMBER_TYPED.finditer(text):
        start = max(match.start() - 20, 0)
        near = match.start() and text[match.start() - 1] in " \n\u00a0(.e"
        if near and (before := _WORD_BEFORE.search(text, start, match.start())):
            number = match[0].rstrip(")")
            yield before[1], number, before.start(), match.start() + len(number)
    for match in _APPENDIX.finditer(text) if "ppendi" in text else ():
        yield match[1], match[2], match.start(), match.end()


def _ab(word: str) -> str:
    return "section" if word.lower().startswith("abs") else "figure"


#: A longer text of an image is a caption.
_CAPTION = 25


def _numbers(book: Book) -> dict[tuple[str, str], str]:
    """Return a reference, or nothing, for each kind and number that the book has."""
    found_numbers: dict[tuple[str, str], str] = {}
    by_line = {label.at.row: label.name for label in book.facts.labels() if label.kind == "section"}
    for docname, chapter in book.tree.chapters.items():
        page = book.pages[docname]
        for item in headings(page, chapter, book.tree.depths.get(docname, 0)):
            near = (item.at._replace(line=item.at.line - back).row for back in range(3))
            label = next((by_line[location] for location in near if location in by_line), "")
            if item.at == page.source.front.at("title"):
                label = str(page.source.front.fields.get("label") or label)
            found_numbers["section", item.number] = f"{{numref}}`{label}`" if label else ""
    counts: Counter[tuple[str, str]] = Counter()
    # Authors count images as well that are not figures here, so that all numbers are others.
    uncounted = {
        name
        for name, page in book.pages.items()
        if any(len(one.text) > _CAPTION and not one.inside for one in page.of("image"))
    }
    for obj in book.numbered_objects:
        if not obj.numbered:
            continue
        kind = "figure" if obj.kind == "cell" else obj.kind
        found_numbers.setdefault((kind, ""), "")
        chapter = book.tree.chapters.get(obj.docname, 0)
        if chapter and kind in ("figure", "table"):
            counts[obj.docname, kind] += 1
            name = obj.labels[0] if obj.labels else ""
            text = f"{{numref}}`{name}`" if name and obj.docname not in uncounted else ""
            once = text not in found_numbers.values()
            found_numbers[kind, f"{chapter}.{counts[obj.docname, kind]}"] = text if once else ""
    return found_numbers


def _is_of_another_work(prose: Prose, start: int, end: int) -> bool:
    """Whether the number is likely to be that of another work, or of no reference at all."""
    if is_url(prose.element(start).name) or is_url(prose.element(end - 1).name):
        return True
    after = prose.text[end : end + _SPAN]
    if _FOREIGN.match(after) or _PAGED.match(after):
        return True
    before = prose.text[max(start - _SPAN, 0) : start]
    if _OWNED.search(before) or _is_about_a_book(prose, start):
        return True
    sentence = re.split(rf"(?<=[a-z)\d{NOT_TEXT}])[.!?]\s+|\n\n", before)[-1]
    offset = start - len(sentence)
    for position in (p.start() for p in re.finditer(NOT_TEXT, sentence)):
        element = prose.element(offset + position)
        if element.kind == "role" and element.name.startswith("cite"):
            return True
    # A caption or a paragraph that begins so is a title: "Table 1: Results".
    return not sentence.strip() and bool(re.match(r"[.:]| +[A-Z][a-z]", after))


def _is_about_a_book(prose: Prose, start: int) -> bool:
    """Whether a paragraph begins with a link to a book and cites it: its chapters are meant."""
    if prose.text[start] not in "CcSs" or prose.element(start).name:
        return False
    begin = prose.text.rfind("\n\n", 0, start)
    begin = begin + 2 if begin >= 0 else 0
    if not prose.element(begin).name.startswith("http"):
        return False
    return any(prose.element(at).name.startswith("cite") for at in range(begin, start))


_NUMBER = re.compile(
    r"((?:\d{1,2}\.)+\d{1,2}[.:]?|\(?\d{1,2}[.):]|\d{1,2} ?[-–—]|[IVX]{1,4}\."
    r"|(?:[A-H]\.(?:\d{1,2}\.?)*|\d{1,2})(?= [A-ZÄÖÜ][a-z]))[ \u00a0]+"
    # But not a version with its date: "1.2.0 (2024-05-01)", "1.2.0 - unreleased".
    r"(?=\S)(?![(–—-]? ?(?:\d|[Uu]nreleased))"
)


#: In front of a heading for certain: "3. Loss", "2.1.4 Loss", "Chapter 3: Loss".
_SURE_NUMBER = re.compile(
    r"(\d{1,2}\.(?:\d{1,2}\.\d{1,2}\.?)?|§ ?\d{1,2}(?:\.\d{1,2})?"
    r"|(?:Chapter|Kapitel|Section|Abschnitt|Part|Teil|Appendix|Anhang) (?:\d{1,2}|[IVX]{1,4}|[A-E])"
    r"(?:\.\d{1,2})?(?:[.:]| ?[-–—])|(?:Chapter|Kapitel) \d{1,2})[ \u00a0]+(?=[A-ZÄÖÜ])"
)


@rule("warning")
def heading_number(book: Book) -> Iterator[Finding]:
    """The number of a heading is typed by hand.

    Bad: ``## 2.1 Method``

    Good: ``## Method``

    Why: the book numbers its headings itself, so the reader sees "2.1 2.1 Method", and wrong
    numbers as soon as a chapter moves.
    """
    for page in book.pages.values():
        heads = [*page.of("heading")]
        sure = [(item, m) for item in heads if (m := _SURE_NUMBER.match(item.text))]
        yield from (_typed_heading(page, element, match) for element, match in sure)
        known = [item for item, _ in sure]
        numbered = [(i, m) for i in heads if i not in known and (m := _NUMBER.match(i.text))]
        title = _SURE_NUMBER.match(str(page.source.front.fields.get("title") or ""))
        if title:
            message = f"the number '{title[1]}' of this title is typed by hand"
            yield found(page.source.front.at("title"), f"{message}; write the title alone")
        # One alone may be a name, such as "3.5 Turbo".
        if len(numbered) < 2 and not any(_of_section(book, page, m) for _, m in numbered):
            continue
        for element, match in numbered:
            yield _typed_heading(page, element, match)


def _of_section(book: Book, page: Page, match: re.Match[str]) -> bool:
    """Whether a number begins with that of the page's chapter, or comes before a usual word."""
    chapter, stop, rest = match[1].rstrip(".:").partition(".")
    word = next(iter(match.string[match.end() :].split()), "")
    own = chapter == str(book.tree.chapters.get(page.docname, ""))
    # "3 Models" are three of them.
    usual = rest != "0" and word in _SECTIONS and bool(stop or not word.endswith("s"))
    return bool(stop and own) or usual


#: Words with which sections begin, and no names of versions.
_SECTIONS = {
    "Background", "Conclusion", "Conclusions", "Dataset", "Discussion", "Evaluation", "Experiment",
    "Experiments", "Implementation", "Introduction", "Method", "Methodology", "Methods", "Model",
    "Motivation", "Overview", "Related", "Result", "Results", "Summary",
}  # fmt: skip


def _typed_heading(page: Page, element: Element, match: re.Match[str]) -> Finding:
    column = page.line(element.at).find(element.text)
    at = element.at.right(max(column, 0))
    old = match[0]
    edit = (Edit(at, old, ""),) if column >= 0 and page.has_text(at, old) else ()
    message = f"the number '{match[1]}' of this heading is typed by hand; write the heading alone"
    return found(at, message, *edit)


_KIND_OF = r"(?:[Ff]igure|[Tt]able|plot|graph|diagram|chart|picture|image|histogram|screenshot)"
_POSITION = re.compile(
    rf"(?:[Tt]he|[Ss]ee|[Ii]n) {_KIND_OF}s? (?:below|above)(?![\w-]| the | \d)"
    rf"|(?:[Tt]he|[Ii]n) (?:below|above) {_KIND_OF}s?(?![\w-]| (?:type|name)s)"
    rf"|(?:[Tt]he |[Ii]n )(?:following (?![Ff]igures(?! show)|\w+s (?:the|how|an?) ){_KIND_OF}s?"
    rf"|next (?!image|picture){_KIND_OF})(?!\w)"
)


def _positions(prose: Prose) -> Iterator[re.Match[str]]:
    """Iterate over the places that are named: to look around these words is faster."""
    for word in ("below", "above", "following", "next"):
        for start in places(prose.text, f" {word}") if word in prose.words else ():
            if match := _POSITION.search(prose.text, max(0, start - 15), start + 22):
                yield match


@rule("info")
def position_typed(book: Book) -> Iterator[Finding]:
    """A figure or table is referred to by its place on the page.

    Bad: ``the table below shows``

    Good: ``{numref}`tbl-loss` shows``

    Why: in a PDF it floats to another place, and in a book there are many.
    """
    for page in book.pages.values():
        text = page.prose.text
        for match in _positions(page.prose) if page.prose.is_english else ():
            at = page.prose.at(match.start())
            after = re.split(r"\.|\n\n", text[match.end() : match.end() + 6])[0]
            if NOT_TEXT in after or re.match(r" ?[\d@(\\]", after):
                continue  # it has a number, too
            kinds = ("table",) if "able" in match[0] else ("figure", "cell", "image")
            objects = [obj for obj in book.numbered_objects if obj.docname == page.docname]
            some = [obj for obj in objects if obj.kind in kinds and obj.labels]
            below = [obj for obj in some if obj.at.line > at.line]
            ahead = [obj for obj in some if obj.at.line < at.line]
            near = ahead[-1:] if "above" in match[0] else below[:1]
            advice = f"write {{numref}}`{near[0].labels[0]}` if that is meant" if near else _NEW
            yield found(at, f"'{match[0]}' names a position, which may differ in print; {advice}")


_NEW = "give it a caption and a label, and refer to that"
