"""Rules on running text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sphinx_mmbook.core import expressions as re
from sphinx_mmbook.core.finding import Finding, Location
from sphinx_mmbook.core.pages.markdown import holds_markup
from sphinx_mmbook.core.rules.book.files import CODE_SUFFIXES, read
from sphinx_mmbook.core.rules.registry import found, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx_mmbook.core.book.book import Book
    from sphinx_mmbook.core.pages.page import Page

_MARKER = re.compile(r"^(?:<{7} \S|<{7}$|>{7} \S|>{7}$)", re.MULTILINE)


@rule("error")
def conflict_marker(book: Book) -> Iterator[Finding]:
    """Git's marks of a conflict are still in a file.

    Bad: ``<<<<<<< HEAD``

    Good: one of the two versions, or a text made of both, without the marks

    Why: readers see both versions and the marks; programs and bibliographies stop at them.
    """
    for page in book.pages.values():
        text = page.source.text
        if "<<<<<<<" not in text and ">>>>>>>" not in text:
            continue
        literal = _literal_lines(page)
        for positions in page.positions.values():
            for match in _MARKER.finditer(positions.text):
                at = positions.location(match.start())
                if at.row not in literal:
                    message = f"'{match[0][:7]}' is a mark of a conflict that Git could not merge"
                    yield found(at, f"{message}; keep the right version and delete the marks")
    yield from _in_files(book)


#: Text files of a book that are not pages.
_TEXTS = (".bib", ".yml", ".yaml", ".csv", ".tsv", ".json", ".tex", ".toml", *CODE_SUFFIXES)
_MARKER_BYTES = re.compile(rb"^(?:<{7}|>{7})(?= |\r?$)", re.MULTILINE)


def _in_files(book: Book) -> Iterator[Finding]:
    for path, file in book.files.items():
        if path.endswith(_TEXTS) and not file.excluded:
            data = read(book, path)
            if b"<<<<<<<" not in data and b">>>>>>>" not in data:
                continue
            if any(path in item.files for item in book.stored):
                continue  # another rule speaks of stored results
            for match in _MARKER_BYTES.finditer(data):
                line = data.count(b"\n", 0, match.start()) + 1
                message = f"'{match[0].decode()}' is a mark of a conflict that Git could not merge"
                at = Location(path, line, 1)
                yield found(at, f"{message}; keep the right version and delete the marks")


def _literal_lines(page: Page) -> set[tuple[str, int, int]]:
    """Return all lines of examples: code blocks and the like, but no code cells."""
    lines: set[tuple[str, int, int]] = set()
    for element in page.of("code", "directive"):
        if element.kind == "directive":
            if holds_markup(element.name):
                continue
        elif element.block:
            continue
        first = element.at.line
        last = max(first, element.level) + element.body.count("\n") + 1
        lines.update(element.at._replace(line=line).row for line in range(first, last + 1))
    return lines


#: What a note asks for: "[källa?]", "FIND SOURCES".
_SOURCES = (
    "sources?|citations?|cite|refs?|references?|källor|källa|kilder?|quellen?|beleg|lähde|fuentes?"
    "|fontes?|bron|zdroj|kaynak"
)
_ASKED = (
    r"\b(?-i:ADD|CHECK|FIND|INSERT|MISSING|NEED)S?\s(?:\w+\s)?(?-i:SOURCE|CITATION|REFERENCE)S?\b"
)
#: How sentences begin with which templates of R Markdown, bookdown, Quarto and Jupyter Book come.
_TEMPLATE_SENTENCES = (
    "you can include code in this document", "this is an r markdown document",
    "you can also embed plots, for example", "button a document will be generated that",
    "this is a sample book written in", "you can label chapter and section titles using",
    "we have finished a nice book", "quarto enables you to weave together",
    "this is a small sample book to give you",
)  # fmt: skip
_NOUNS = "text|citation|reference|figure|image|table|abstract|title|content|name|caption|link"
#: A word that is rare in prose, a small one in any case -> what it must stand in. Most pages have
#: none of the words, and looking for a word is many times faster than for an expression.
_PLACEHOLDERS = {
    "lorem ipsum": r"(?<![\"'“”‘„«])lorem ipsum",
    "dolor sit amet": r"dolor sit amet",
    "citation needed": r"[\[(]\s*citation needed\s*[\])]",
    " here": r"\b(?:insert|add|write|put|type|enter)\s+(?:(?:your|the|an?|some|more)\s+)?"
    rf"(?:{_NOUNS})s?\s+here\b|\byour\s+(?:{_NOUNS}|chapter)\s+(?:goes\s+)?here\b",
    "[": r"\[(?:insert|placeholder|your)\s[^\]\n]{0,60}\]|\[\?\]|\[(?-i:CITATION|CITE|REF)S?\]",
    "?]": rf"\[(?:{_SOURCES})\s?\?{{1,3}}\]",
    "?)": rf"\((?:{_SOURCES})\s?\?{{1,3}}\)",
    "källa": r"[\[(]källa[\])]",
    **dict.fromkeys((" SOURCE", " CITATION", " REFERENCE"), _ASKED),
    **{text: text.replace(" ", r"\s") + r"[^.:\n]{0,60}" for text in _TEMPLATE_SENTENCES},
    "placeholder": r"\bplaceholder\s+(?:text|image|figure)\b|\bthis is a placeholder\b",
    "einfügen": r"\b(?:hier|text)\s+(?:text\s+)?einfügen\b",
    "platzhaltertext": r"\bplatzhaltertext\b",
    "??": r"\?\?\?|\(\?\?\)|(?:figure|fig\.|table|section|chapter|equation|eq\.|abbildung|tabelle"
    r"|kapitel)[ \u00a0]\(?\?\?",
    "todo": r"\b(?-i:TODO)(?![\w-])|[\[(]todo[:\])]",
    "  to be ": r"\n\nto be (?:written|added|continued|completed)\b[^\n.]{0,12}[.!…]*(?=\n|\Z)",
    "coming soon": r"\n\ncoming soon[.!…]*(?=\n|\Z)",
    "  here come": rf"\n\nhere comes? (?:the|an?|my|our|your) (?:introduction|{_NOUNS})\b",
    "work in progress": r"\bthis (?:chapter|section|page) is (?:still )?(?:a )?work in progress\b",
    "under construction": r"\bthis (?:chapter|section|page) is (?:still )?under construction\b",
    "(add ": rf"\(add\s(?:an? |the )?(?:{_NOUNS}|source)s?(?: here)?\)",
    "(insert ": rf"\(insert\s(?:an? |the )?(?:{_NOUNS}|source)s?(?: here)?\)",
    "  tba": r"\n\ntba[.!]?(?=\n|\Z)",
    **dict.fromkeys(
        ("figure x", "section x"), r"\b(?-i:Figure|Section) (?-i:X{1,3})(?![\w.-]\w)\b"
    ),
    "xx": r"\b(?-i:XX)\s?(?:%|percent)|\n\n(?-i:XXX)\b",
    "fixme": r"\b(?-i:FIXME)(?![\w-])",
    "tbd": r"\b(?-i:TBD)(?![\w-])",
    # "Source", as a note to oneself in one's own language.
    **{
        f"({word})": rf"\({word}\)"
        for word in ("quelle", "källa", "kilde", "fuente", "kaynak", "lähde", "πηγή", "zdroj")
    },
}


#: The longest part of each, as it is in some token of a text that has it.
_PARTS = {word: max(word.lower().split(), key=len) for word in _PLACEHOLDERS}
_EXPRESSIONS = {word: re.compile(text, re.IGNORECASE) for word, text in _PLACEHOLDERS.items()}


#: Paragraphs of one word in capitals as short as this are cells, or acronyms of a list.
_SHORT = 4


def _placeholders_in(text: str, tokens: str) -> list[re.Match[str]]:
    tokens = tokens.lower()
    words = [word for word, part in _PARTS.items() if part in tokens]
    low = text.lower().replace("\n", " ") if words else ""
    words = [word for word in words if word in (text if word.isupper() else low)]
    some = dict.fromkeys(_EXPRESSIONS[word] for word in words)
    found_here = {one.start(): one for expression in some for one in expression.finditer(text)}
    return [found_here[start] for start in sorted(found_here)]


def placeholders(page: Page) -> Iterator[tuple[Location, str]]:
    """Iterate over what was to be replaced before printing: its place and its text."""
    for name in ("title", "abstract", "keywords"):
        value = page.source.front.fields.get(name)
        text = " ".join(map(str, value)) if isinstance(value, list) else str(value or "")
        for match in _placeholders_in(text, text)[:1]:
            yield page.source.front.at(name), match[0]
    prose = page.prose
    alone = [pair for pair in prose.blocks if pair[1].isupper() and pair[1].isalpha()]
    for start, word in alone:
        times = [one for _, one in alone].count(word)
        if len(word) > _SHORT and prose.words[word] == times and page.line(prose.at(start)) == word:
            yield prose.at(start), word
    last = -1
    for match in _placeholders_in(prose.text, prose.marked + prose.vocabulary):
        # Lorem ipsum is one placeholder, however long.
        latin = match[0].lower().startswith(("lorem", "dolor"))
        block = prose.element(match.start()).block if latin else -1
        if not latin or block != last:
            yield prose.at(match.end() - len(match[0].lstrip())), " ".join(match[0].split())
        last = block


@rule("warning")
def placeholder(book: Book) -> Iterator[Finding]:
    """Text that was to be replaced is still there.

    Bad: ``Lorem ipsum``, ``TODO``, ``[citation needed]``, ``see Figure ??``

    Good: the text itself; notes to yourself in a comment, ``% TODO``, which nobody prints

    Why: a third of the chapters of one book were published as lorem ipsum.
    """
    for name, page in book.pages.items():
        if book.chapters[name].status != "final":
            for at, text in placeholders(page):
                yield found(at, f"'{text}' is a placeholder; write what belongs here")


_ITEM = (
    r"(?:[•▪‣◦●]\s?|[-*+](?=[^\W\d_])|\(?[a-z]\)\s|\((?:\d{1,2}|[ivx]{1,4})\)\s|[-*+]\s"
    r"|\d{1,2}\.(?=[^\W\d_])|[–—→➢✓✔§·o]\s|(?:[a-z]|[ivx]{2,4}|[2-9]|1\d|\d\.\d)\.\s)"
)
#: What begins a list for certain, also alone, or where a sentence goes on to it.
_SURE = re.compile(r"[•▪‣◦●*+-] |[ai][.)] |\d\.\d\. ")
_AN_ITEM = re.compile(r"[ \t>]*(?:[-*+]|\d+[.)])[ \t]")
_ITEMS = re.compile(
    rf"^(?:{_ITEM}[^\n]+(?:\n(?!\n){_ITEM}[^\n]+)+|(?:-[A-Z][^\n]+\n\n)+-[A-Z][^\n]+"
    r"|[•▪‣◦●*+-][ ][^\n]+)",
    re.MULTILINE,
)


@rule("warning")
def list_unseen(book: Book) -> Iterator[Finding]:
    """Lines that look like a list, or a part of one, but are not for Markdown.

    Bad: lines that begin with ``•``, ``–``, ``(1)``, ``a)``, ``1.1.``, ``-`` without a space,
    or with ``- `` eight spaces from the margin; a paragraph below an item with too few spaces

    Good: ``- first``, ``1. first``, each with a space after the mark; below it as many spaces as
    there are characters before its text

    Why: the lines run together into one paragraph; the paragraph ends the list.
    """
    for page in book.pages.values():
        yield from _outside(page)
        for match in _ITEMS.finditer(page.prose.text):
            at = page.prose.at(match.start())
            above = page.prose.text[: match.start()].rstrip(" \n")
            goes_on = not match.string.startswith("\n\n", match.start() - 2) and above[-1:] != ":"
            goes_on = goes_on and match.start() > 0 and not _SURE.match(match[0])
            goes_on = goes_on and not (
                match[0][0] == "-" and _AN_ITEM.match(page.line(at._replace(line=at.line - 1)))
            )
            if goes_on or page.line(at).endswith(("  ", "\\", "|")):
                continue  # each line ends where its author ended it, or a sentence goes on
            shown, advice = match[0].partition(" ")[0], "begin each with '- ' or '1. '"
            if shown in ("-", "*", "+"):
                if not _AN_ITEM.match(page.line(at._replace(line=at.line - 1))):
                    continue
                advice = "begin them below the text of the item above, not deeper"
            elif mark := re.match(_ITEM, match[0]):
                shown = mark[0].strip()
            message = f"lines that begin with '{shown}' are not a list"
            yield found(at, f"{message}; {advice}")


#: An item at the margin, and the spaces before the paragraph below it.
_BELOW = re.compile(
    r"^((?:[-*+]|\d{1,2}[.)])[ ]{1,4})(?=\S)[^\n]*(?:\n(?![ ]*(?:[-*+]|\d+[.)])[ ])[^\n]+)*\n\n+"
    r"([ ]{1,3})(?![-*+] |\d+[.)] )(?=[\w\[{*\"“])", re.MULTILINE
)  # fmt: skip


_INDENTED = re.compile(r"\n +[-*+\d]")
#: An item with the lines of its text, and the spaces before one in the line below it.
_NESTED = re.compile(
    r"^(?=( *)((?:[-*+]|\d{1,2}[.)]) {1,4})\S[^\n]*(?:\n(?![ ]*(?:[-*+]|\d+[.)])[ ])[^\n]+)*"
    r"\n( +)(?:[-*+]|\d{1,2}[.)]) +\S)", re.MULTILINE
)  # fmt: skip


def _outside(page: Page) -> Iterator[Finding]:
    """Yield the items and paragraphs that are indented as a part of an item, but not enough."""
    for positions in page.positions.values():
        some = _INDENTED.search(positions.text) and not page.source.restructured
        for match in _NESTED.finditer(positions.text) if some else ():
            at = positions.location(match.start(3))
            need, is_text = (
                len(match[1] + match[2]),
                any(e.at.row == at.row for e in page.of("text")),
            )
            if len(match[1]) < len(match[3]) < need and is_text and not positions.block.is_code:
                message = "this item has too few spaces before it to be a part of the one above"
                yield found(at, f"{message}; write {need}, or as many as above")
        some = "\n\n " in positions.text and not page.source.restructured
        for match in _BELOW.finditer(positions.text) if some else ():
            at = positions.location(match.start(2))
            is_text = any(item.at.row == at.row for item in page.of("text", "role", "link"))
            if len(match[2]) < len(match[1]) and is_text and not positions.block.is_code:
                message = "this paragraph is not a part of the item above, and ends the list"
                yield found(at, f"{message}; begin it with {len(match[1])} spaces")
