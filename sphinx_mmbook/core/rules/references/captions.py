"""Rules on captions: what they say, and that there is one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sphinx_mmbook.core import expressions as re
from sphinx_mmbook.core.rules.references.labels import numbered
from sphinx_mmbook.core.rules.registry import found, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx_mmbook.core.book.book import Book
    from sphinx_mmbook.core.finding import Finding
    from sphinx_mmbook.core.pages.page import Page
    from sphinx_mmbook.core.references.numbered_objects import NumberedObject


@rule("warning")
def figure_caption(book: Book) -> Iterator[Finding]:
    """A figure has no caption, and so no number.

    Bad: a ``{figure}`` with nothing below its options

    Good: a blank line after the options, then the caption

    Why: nobody can refer to it, and the reader does not learn what it shows.
    """
    for obj in book.numbered_objects:
        if obj.kind == "figure" and not obj.caption and obj.element.name != "stored-figure":
            message = f"figure '{obj.element.text or 'without file'}' has no caption"
            yield found(obj.at, f"{message}; write one after a blank line below the options")


@rule("info")
def image_no_figure(book: Book) -> Iterator[Finding]:
    """An image stands alone, without caption and number.

    Bad: a paragraph that consists of ``![Loss](figures/loss.png)``

    Good: a ``{figure}`` with ``:name:``, ``:alt:`` and a caption

    Why: nobody can refer to it. An image within a sentence is fine.
    """
    for page in book.pages.values():
        if not numbered(book, page.path):
            continue
        for position, element in page.numbered("image"):
            alone = [
                item
                for item in page.elements[max(position - 2, 0) : position + 3]
                if item.block == element.block and item.kind != "anchor"
            ]
            if element.level and len(alone) == 1 and not element.inside:
                message = f"image '{element.name}' has no caption and no number"
                yield found(element.at, f"{message}; make it a {{figure}}")


@rule("warning")
def caption_repeated(book: Book) -> Iterator[Finding]:
    """Two figures or tables have the same caption.

    Bad: a figure that was copied with its caption

    Good: each caption says what this figure shows

    Why: one of the two is nearly always wrong.
    """
    first: dict[str, NumberedObject] = {}
    for obj in book.numbered_objects:
        words = _words(obj.caption)
        if obj.kind in ("figure", "table", "cell") and len(words) >= 3:
            other = first.setdefault(" ".join(words), obj)
            if other.at != obj.at:
                message = f"this caption is also that of the {other.kind} at {other.at}"
                yield found(obj.at, f"{message}; say what this one shows")


def _words(caption: str) -> list[str]:
    """Return words and formulas of a caption; in a formula all but spaces matters."""
    words = re.findall(r"\$[^$]+\$|\w+", caption)
    return ["".join(word.split()) if word[0] == "$" else word.lower() for word in words]


_TAKEN = re.compile(
    r"\b(?:adapted|taken|reproduced|modified|reprinted|redrawn|borrowed|copied|screenshot"
    r"|sourced)\s+(?:from|after|of)\b|\b(?:image|picture|figure|fig\.|photo|graphic|source"
    r"|illustration|table)\s+(?:from|by|courtesy)\b|\b(?:sources?|credits?|quelle|bildquelle)\s*:"
    r"|\b(?:entnommen|übernommen)\s+aus\b|©|\(c\)\s",
    re.IGNORECASE,
)
_NAMED = re.compile(
    r"\{cite|\]\(|https?://|www\.|doi[.:]|(?<![\w.])@\w|\barxiv\b|<\w+@|\bown\b|\beigene|\{ref|\{doc"
    # A body that publishes such figures: "Source: Swiss National Bank".
    r"|source:\W*(?:(?-i:[A-Z])[\w.&-]*\s+(?:of\s+|for\s+|the\s+)*)+(?:agency|bank|bureau|commission"
    r"|institute|ministry|office|organi[sz]ation|university)\b",
    re.IGNORECASE,
)
_LICENSED = re.compile(
    r"licen[cs]|\bCC[ -](?:BY|0|zero)|creative commons|public domain|permission|courtesy"
    r"|\bGPL|\bMIT\b|apache|gemeinfrei|genehmigung|lizenz"
    # What the authors drew themselves needs no licence.
    r"|\bown\b|\beigene|\bbased on\b|inspired by|redrawn|in Anlehnung",
    re.IGNORECASE,
)


def _taken(book: Book) -> Iterator[tuple[NumberedObject, str]]:
    """Iterate over the figures whose captions say that they come from elsewhere."""
    for obj in book.numbered_objects:
        if obj.kind == "figure":
            body = obj.element.body if obj.element.kind == "directive" else obj.caption
            body = (_PART if "(b)" in body.lower() else _LAST_PART).sub("", body)
            if _TAKEN.search(body):
                yield obj, body


#: The third part of a figure, and no sign of copyright.
_PART, _LAST_PART = re.compile(r"\([cC]\)"), re.compile(r"\([cC]\)(?=\W*\Z)")


@rule("warning")
def figure_source(book: Book) -> Iterator[Finding]:
    """A caption says that a figure comes from elsewhere, but not from where.

    Bad: ``The encoder. Adapted from the original paper.``

    Good: ``The encoder. Adapted from {cite:t}`vaswani2017attention`.``

    Why: a source that cannot be found is not a source; a figure without one may not be used.
    """
    for obj, body in _taken(book):
        if not _NAMED.search(body):
            said = " ".join(_TAKEN.search(body)[0].split())  # type: ignore[index]
            message = f"the caption says '{said}' but names no source that can be found"
            yield found(obj.at, f"{message}; add a citation or a link")


@rule("info")
def figure_licence(book: Book) -> Iterator[Finding]:
    """A figure comes from elsewhere, and nothing says that it may be used.

    Bad: ``Image from {cite:t}`lin2014coco`.``

    Good: ``Image from {cite:t}`lin2014coco`, CC BY 4.0.``, or ``… with permission.``

    Why: naming the source is not a permission. A book that is published under a free licence may
    hold only figures that are free, permitted, or quoted for discussion.
    """
    for obj, body in _taken(book):
        if _NAMED.search(body) and not _LICENSED.search(body):
            message = "this figure comes from elsewhere, but no licence or permission is named"
            yield found(obj.at, f"{message}; name it, or draw the figure yourself")


_ROWS = re.compile(r"(?:[^\n]*\|[^\n]*(?:\n|$))+")


#: A cell with a number, but the first of a row; a caption as text.
_NUMBER = re.compile(r"(?<=.)\| *\**[-−–]?\d[^|\n]*(?=\||$)", re.MULTILINE)
#: The text before a table that speaks of it.
_SAID = re.compile(r"\b(?:next|following|below) table\b|\btable below\b", re.IGNORECASE)
_CAPTION = re.compile(r"[*_(:]{0,3}(?:Table|Tab\.|: )|\*\*[^*|]+\*\*\\?$")


@rule("info")
def table_caption(book: Book) -> Iterator[Finding]:
    """A table of numbers, or one of which the text speaks, has no caption, and so no number.

    Bad: ``| Model | Accuracy |`` and its rows between two paragraphs

    Good: the same in ``:::{table} Accuracy of the models`` with ``:name: tbl-accuracy``

    Why: nobody can refer to it, and the reader does not learn what it shows.
    """
    for page, element in book.elements("table"):
        if element.inside or not numbered(book, page.path):
            continue
        positions = page.positions_at(element.at)
        text, start = positions.text, positions.offset(element.at)
        rows = _ROWS.match(text, start)
        many = rows[0].count("\n") - 2 if rows else 0
        if not rows or many < 3:
            continue
        before = text[:start].rstrip().rpartition("\n")[2]
        said = _SAID.search(before) or len(_NUMBER.findall(rows[0])) > many // 2
        if said and not any(map(_CAPTION.match, (before, text[rows.end() :].lstrip()))):
            message = "this table has no caption and no number; write "
            yield found(element.at, f"{message}':::{{table}} …' around it, with both")


@rule("warning")
def table_layout(book: Book) -> Iterator[Finding]:
    """A table holds nothing but images, side by side.

    Bad: ``| ![Loss](loss.png) | ![Gain](gain.png) |`` as the row of a table

    Good: ``{subfigures}``, with each image and its text in a paragraph, and the caption last

    Why: the images have neither number nor caption, and the PDF does not fit them to the page.
    """
    for page in book.pages.values():
        tables = list(page.of("table")) if any(page.of("image")) else []
        lines = _shown_in_lines(page) if tables else {}
        for element in tables:
            positions = page.positions_at(element.at)
            rows = _ROWS.match(positions.text, positions.offset(element.at))
            height = rows[0].count("\n") + 1 if rows else 0
            here = (element.at._replace(line=element.at.line + n).row for n in range(height))
            kinds = [kind for row in here for kind in lines.get(row, ())]
            if len(kinds) > 1 and set(kinds) == {"image"}:
                text = "this table only sets images side by side; write {subfigures}"
                yield found(element.at, f"{text}, with each in a paragraph and the caption last")


def _shown_in_lines(page: Page) -> dict[tuple[str, int, int], list[str]]:
    """Return what is in each line: the kinds of what is seen, by line."""
    lines: dict[tuple[str, int, int], list[str]] = {}
    for item in page.of("image", "text", "math", "role", "code"):
        if item.kind == "image" or (item.text or item.body).strip():
            lines.setdefault(item.at.row, []).append(item.kind)
    return lines
