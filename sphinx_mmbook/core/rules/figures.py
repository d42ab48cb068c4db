"""Rules on images and figures."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sphinx_mmbook.core.finding import Edit
from sphinx_mmbook.core.lookup import relative
from sphinx_mmbook.core.rules.links import LOCAL
from sphinx_mmbook.core.rules.registry import found, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx_mmbook.core.book import Book
    from sphinx_mmbook.core.finding import Finding
    from sphinx_mmbook.core.shown import Shown
    from sphinx_mmbook.core.things import Thing

#: The largest image, in bytes, that a page should load; twenty of them are a slow chapter.
MAX_IMAGE_BYTES = 1_000_000

#: What neither browsers nor LaTeX show, and the outputs do not convert.
UNSHOWN = frozenset(
    {
        ".ai", ".bmp", ".emf", ".eps", ".heic", ".heif", ".ps", ".psd", ".tif", ".tiff", ".wmf",
        ".xcf",
    }
)  # fmt: skip


def _files(book: Book) -> Iterator[Shown]:
    """Iterate over the images that name a file of the book."""
    for shown in book.images:
        if not shown.is_url and not LOCAL.match(shown.target):
            yield shown


@rule("error")
def image_missing(book: Book) -> Iterator[Finding]:
    """An image's file is not there.

    Bad: ``![Loss](figures/los.png)`` where the file is ``loss.png``

    Good: ``![Loss](figures/loss.png)``

    Why: the page shows an empty frame and the PDF may not be made at all.
    """
    for shown in _files(book):
        path, target = shown.path, shown.target
        if book.lookup.exact(path) or book.lookup.other_case(path):
            continue
        if path.endswith(".*") and book.lookup.matching(path):
            continue
        near = book.lookup.near(path)
        if path.startswith("../") or path == "..":
            advice = "it leads out of the book; copy the file into the chapter's folder"
        elif near:
            advice = f"did you mean '{relative(shown.page.path, near, target)}'?"
        else:
            advice = "correct the path, or add the file"
        yield found(shown.at, f"image '{target}' is not there: {advice}")


@rule("error")
def image_case(book: Book) -> Iterator[Finding]:
    """An image's name differs from that of its file in upper and lower case.

    Bad: ``![Loss](figures/loss.PNG)`` where the file is ``loss.png``

    Good: ``![Loss](figures/loss.png)``

    Why: it works on Windows and macOS and is missing on the web server.
    """
    for shown in _files(book):
        other = book.lookup.other_case(shown.path)
        if other and not book.lookup.exact(shown.path):
            new = relative(shown.page.path, other, shown.target)
            fixable = shown.page.stands(shown.at, shown.target)
            edits = (Edit(shown.at, shown.target, new),) if fixable else ()
            message = f"image '{shown.target}' differs from its file in upper and lower case"
            yield found(shown.at, f"{message}; write '{new}'", *edits)


@rule("error")
def image_format(book: Book) -> Iterator[Finding]:
    """An image has a format that no output can show.

    Bad: ``figures/loss.tif``, ``.eps``, ``.psd``, ``.heic``

    Good: ``figures/loss.svg`` for drawings, ``.png`` or ``.jpg`` for pictures

    Why: the browser shows an empty frame. (SVG, PDF, GIF and WebP are converted where needed.)
    """
    for shown in _files(book):
        suffix = _suffix(shown.path)
        if suffix in UNSHOWN:
            message = f"image '{shown.target}': browsers do not show {suffix}"
            yield found(shown.at, f"{message}; save it as .svg, .png or .jpg")


def _suffix(path: str) -> str:
    dot = path.rfind(".")
    return path[dot:].lower() if dot > path.rfind("/") else ""


@rule("warning")
def image_size(book: Book) -> Iterator[Finding]:
    """An image is larger than a megabyte.

    Bad: a photograph of 8 MB, 6000 pixels wide

    Good: the same, 1600 pixels wide, as JPEG of 300 kB

    Why: every reader loads it, and the repository keeps it for ever. One book had 112 MB of images.
    """
    seen: set[str] = set()
    for shown in _files(book):
        file = book.files.get(shown.path)
        if file and file.size > MAX_IMAGE_BYTES and shown.path not in seen:
            seen.add(shown.path)
            message = f"image '{shown.target}' has {file.size / 1e6:.1f} MB, more than 1 MB"
            yield found(shown.at, f"{message}; make it 1600 pixels wide, or save it as JPEG or SVG")


@rule("warning")
def image_remote(book: Book) -> Iterator[Finding]:
    """An image is loaded from another host.

    Bad: ``![Loss](https://example.org/loss.png)``

    Good: the file in the chapter's folder ``figures/``, its address as the source in the caption

    Why: the other host learns who reads the book, and one day the image is gone.
    """
    for shown in book.images:
        if shown.is_url and re.match(r"(?:https?:)?//", shown.target, re.IGNORECASE):
            message = f"image '{shown.target}' is on another host"
            yield found(shown.at, f"{message}; save it in figures/ and name its source")


_NO_ALT = re.compile(
    r"(?:alt(?:ernative)?(?:[ -]?text)?|image|img|figure|fig\.?|picture|photo|plot|diagram|graph"
    r"|bild|abbildung|todo|tbd|description|caption)?\s*\d*|.*\.(?:png|jpe?g|svg|gif|webp|pdf|tiff?|bmp)",
    re.IGNORECASE,
)


@rule("warning")
def image_alt(book: Book) -> Iterator[Finding]:
    """An image has no alternative text, or one that says nothing.

    Bad: ``![](figures/loss.png)``, ``:alt: loss.png``

    Good: ``:alt: Training loss falls for ten epochs, then stays at 0.2.``

    Why: readers who cannot see the image, and search engines, read this text instead. German
    universities must provide it by law.
    """
    for shown in book.images:
        # An image that is part of a link or of a figure-md has its text in square brackets too.
        if shown.alt is not None and not _NO_ALT.fullmatch(shown.alt.strip()):
            continue
        if shown.by == "image" and shown.alt == "":
            continue  # says that it is decoration
        how = {
            "markdown": "write it between the square brackets",
            "html": 'write alt="…"',
        }.get(shown.by, "add ':alt: …'")
        fault = "says nothing" if shown.alt and shown.alt.strip() else "is missing"
        message = f"the alternative text of image '{shown.target}' {fault}"
        yield found(shown.at, f"{message}; {how}: what does the image show?")


# Captions


@rule("warning")
def figure_caption(book: Book) -> Iterator[Finding]:
    """A figure has no caption, and so no number.

    Bad: a ``{figure}`` with nothing below its options

    Good: a blank line after the options, then the caption

    Why: nobody can refer to it, and the reader does not learn what it shows.
    """
    for thing in book.things:
        if thing.kind == "figure" and not thing.caption and thing.element.name != "stored-figure":
            message = f"figure '{thing.element.text or 'without file'}' has no caption"
            yield found(thing.at, f"{message}; write one after a blank line below the options")


@rule("info")
def image_no_figure(book: Book) -> Iterator[Finding]:
    """An image stands alone, without caption and number.

    Bad: a paragraph that consists of ``![Loss](figures/loss.png)``

    Good: a ``{figure}`` with ``:name:``, ``:alt:`` and a caption

    Why: nobody can refer to it. An image within a sentence is fine.
    """
    for page in book.pages.values():
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
    first: dict[str, Thing] = {}
    for thing in book.things:
        words = re.findall(r"\w+", thing.caption.lower())
        if thing.kind in ("figure", "table", "cell") and len(words) >= 3:
            other = first.setdefault(" ".join(words), thing)
            if other is not thing:
                message = f"this caption is also that of the {other.kind} at {other.at}"
                yield found(thing.at, f"{message}; say what this one shows")


_TAKEN = re.compile(
    r"\b(?:adapted|taken|reproduced|modified|reprinted|redrawn|borrowed|copied|screenshot"
    r"|sourced)\s+(?:from|after|of)\b|\b(?:image|picture|figure|fig\.|photo|graphic|source"
    r"|illustration|table)\s+(?:from|by|courtesy)\b|\b(?:sources?|credits?|quelle|bildquelle)\s*:"
    r"|\b(?:entnommen|übernommen)\s+aus\b|©|\(c\)\s",
    re.IGNORECASE,
)
_NAMED = re.compile(
    r"\{cite|\]\(|https?://|www\.|doi[.:]|\[@|\barxiv\b|<\w+@|\bown\b|\beigene|\{ref|\{doc",
    re.IGNORECASE,
)
_LICENSED = re.compile(
    r"licen[cs]|\bCC[ -](?:BY|0|zero)|creative commons|public domain|permission|courtesy"
    r"|\bGPL|\bMIT\b|apache|gemeinfrei|genehmigung|lizenz"
    # What the authors drew themselves needs no licence.
    r"|\bown\b|\beigene|\bbased on\b|inspired by|redrawn|in Anlehnung",
    re.IGNORECASE,
)


def _taken(book: Book) -> Iterator[tuple[Thing, str]]:
    """Iterate over the figures whose captions say that they come from elsewhere."""
    for thing in book.things:
        if thing.kind == "figure":
            body = thing.element.body if thing.element.kind == "directive" else thing.caption
            if _TAKEN.search(body):
                yield thing, body


@rule("warning")
def figure_source(book: Book) -> Iterator[Finding]:
    """A caption says that a figure comes from elsewhere, but not from where.

    Bad: ``The encoder. Adapted from the original paper.``

    Good: ``The encoder. Adapted from {cite:t}`vaswani2017attention`.``

    Why: a source that cannot be found is none; a figure without source may not be used.
    """
    for thing, body in _taken(book):
        if not _NAMED.search(body):
            said = " ".join(_TAKEN.search(body)[0].split())  # type: ignore[index]
            message = f"the caption says '{said}' but names no source that can be found"
            yield found(thing.at, f"{message}; add a citation or a link")


@rule("info")
def figure_licence(book: Book) -> Iterator[Finding]:
    """A figure comes from elsewhere, and nothing says that it may be used.

    Bad: ``Image from {cite:t}`lin2014coco`.``

    Good: ``Image from {cite:t}`lin2014coco`, CC BY 4.0.``, or ``… with permission.``

    Why: naming the source is no permission. A book that is published under a free licence may hold
    only figures that are free, permitted, or quoted for discussion.
    """
    for thing, body in _taken(book):
        if _NAMED.search(body) and not _LICENSED.search(body):
            message = "this figure comes from elsewhere, but no licence or permission is named"
            yield found(thing.at, f"{message}; name it, or draw the figure yourself")
