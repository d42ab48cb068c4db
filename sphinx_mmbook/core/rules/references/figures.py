"""Rules on images."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from sphinx_mmbook.core import expressions as re
from sphinx_mmbook.core.files.lookup import other_name, path_from, relative
from sphinx_mmbook.core.files.of_repository import is_beside
from sphinx_mmbook.core.finding import Edit, Finding
from sphinx_mmbook.core.rules.references.links import LOCAL
from sphinx_mmbook.core.rules.registry import found, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx_mmbook.core.book.book import Book
    from sphinx_mmbook.core.references.shown_files import ShownImage

#: The largest image, in bytes, that a page should load; twenty of them are a slow chapter.
MAX_IMAGE_BYTES = 1_000_000

#: What neither browsers nor LaTeX show, and the outputs do not convert.
UNSHOWN = frozenset(
    {
        ".ai", ".bmp", ".emf", ".eps", ".heic", ".heif", ".ps", ".psd", ".tif", ".tiff", ".wmf",
        ".xcf",
    }
)  # fmt: skip


def _files(book: Book) -> Iterator[ShownImage]:
    """Iterate over the images that name a file of the book."""
    for image in book.images:
        is_pasted = image.target.startswith("attachment:")
        if not image.is_url and not is_pasted and not LOCAL.match(image.target):
            yield image


@rule("error", of_file=True)
def image_missing(book: Book) -> Iterator[Finding]:
    """An image's file is not there.

    Bad: ``![Loss](figures/los.png)`` where the file is ``loss.png``

    Good: ``![Loss](figures/loss.png)``

    Why: the page shows an empty frame and the PDF may not be made at all.
    """
    for image in _files(book):
        path, target = image.path, image.target
        if "\\" in target:
            yield _backslashes(book, image)
            continue
        if book.lookup.exact(path) or book.lookup.other_case(path):
            continue
        if path.endswith(".*") and book.lookup.matching(path):
            continue
        near = book.lookup.near(path)
        if any(file.startswith(f"{path.rstrip('/')}/") for file in book.files):
            yield found(image.at, f"image '{target}' is a folder; name a file in it")
            continue
        if is_beside(book.folder, path):
            continue
        if path.startswith("../") or path == "..":
            advice = "it leads out of the book; copy the file into the chapter's folder"
        elif image.by != "markdown" and len(target.split()) > 1:
            advice = "spaces are left out; rename the file, with '-' for each"
        elif near:
            advice = other_name(image.page.path, near, target)
        else:
            advice = "correct the path, or add the file"
        yield found(image.at, f"image '{target}' is not there: {advice}")
    yield from _no_files(book)


def _no_files(book: Book) -> Iterator[Finding]:
    """Yield the images that name no file, or one within a notebook."""
    for image in book.images:
        if image.target.startswith("attachment:"):
            text = f"'{image.target}' was pasted into the notebook, and no book shows it"
            advice = "save it in figures/ and write '![What it shows](figures/name.png)'"
            yield found(image.at, f"{text}; {advice}")
    for _, element in book.elements("image"):
        if not element.name:
            text = "an image names no file; write '![What it shows](figures/name.png)'"
            yield found(element.at, text)


def _backslashes(book: Book, image: ShownImage) -> Finding:
    """Return the finding for a path as Windows writes it, which is one name to all others."""
    written, new = image.target, image.target.replace("\\", "/")
    message = f"image '{written}' has backslashes, which part no folders on the web"
    column = image.page.line(image.at).find(written)
    at = image.at._replace(column=column + 1)
    there = book.lookup.exact(path_from(image.page.path, new))
    edits = (Edit(at, written, new),) if there and column >= 0 else ()
    return found(image.at, f"{message}; write '{new}'", *edits)


@rule("error", of_file=True)
def image_case(book: Book) -> Iterator[Finding]:
    """An image's name differs from that of its file in upper and lower case.

    Bad: ``![Loss](figures/loss.PNG)`` where the file is ``loss.png``

    Good: ``![Loss](figures/loss.png)``

    Why: it works on Windows and macOS and is missing on the web server.
    """
    for image in _files(book):
        other = book.lookup.other_case(image.path)
        if other and not book.lookup.exact(image.path):
            new = relative(image.page.path, other, image.target)
            fixable = image.page.has_text(image.at, image.target)
            edits = (Edit(image.at, image.target, new),) if fixable else ()
            message = f"image '{image.target}' differs from its file in upper and lower case"
            yield found(image.at, f"{message}; write '{new}'", *edits)


@rule("error", of_file=True)
def image_format(book: Book) -> Iterator[Finding]:
    """An image has a format that no output can show.

    Bad: ``figures/loss.tif``, ``.eps``, ``.psd``, ``.heic``

    Good: ``figures/loss.svg`` for drawings, ``.png`` or ``.jpg`` for pictures

    Why: the browser shows an empty frame. (SVG, PDF, GIF and WebP are converted where needed.)
    """
    for image in _files(book):
        suffix = _suffix(image.path)
        if suffix in UNSHOWN:
            message = f"image '{image.target}': browsers do not show {suffix}"
            yield found(image.at, f"{message}; save it as .svg, .png or .jpg")


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
    for image in _files(book):
        file = book.files.get(image.path)
        if file and file.size > MAX_IMAGE_BYTES and image.path not in seen:
            seen.add(image.path)
            message = f"image '{image.target}' has {file.size / 1e6:.1f} MB, more than 1 MB"
            advice = "make it 1600 pixels wide, or save it as JPEG or SVG"
            if 0 < _png_width(book, image.path) < _WIDE:
                advice = "save it as JPEG, or as SVG if it is a drawing"
            if _suffix(image.path) == ".svg":
                advice = "draw fewer points, or save it as PNG, 1600 pixels wide"
            yield found(image.at, f"{message}; {advice}")


#: A picture of so many pixels across is much smaller with 1600 of them.
_WIDE = 2000


def _png_width(book: Book, path: str) -> int:
    """Return how many pixels a PNG is wide; 0 for other files."""
    with suppress(OSError), (book.folder / path).open("rb") as stream:
        head = stream.read(20)
        return int.from_bytes(head[16:20]) if head[12:16] == b"IHDR" else 0
    return 0


@rule("warning")
def image_remote(book: Book) -> Iterator[Finding]:
    """An image is loaded from another host.

    Bad: ``![Loss](https://example.org/loss.png)``

    Good: the file in the chapter's folder ``figures/``, its address as the source in the caption

    Why: the other host learns who reads the book, and one day the image is gone.
    """
    for image in book.images:
        if image.is_url and re.match(r"(?:https?:)?//", image.target, re.IGNORECASE):
            message = f"image '{image.target}' is on another host"
            yield found(image.at, f"{message}; save it in figures/ and name its source")


_NO_ALT = re.compile(
    r"(?:alt(?:ernative)?(?:[ -]?text)?|image|img|figure|fig\.?|picture|photo|plot|diagram|graph"
    r"|bild|abbildung|todo|tbd|description|caption)?\s*\d*|[0-9a-f-]{16,}"
    r"|screen ?shot\b[\d ._:,apmt-]*|.*\.(?:png|jpe?g|svg|gif|webp|pdf|tiff?|bmp)",
    re.IGNORECASE,
)


_FIGURE_CELL = re.compile(r"^#\|\s*fig-cap:", re.MULTILINE)


@rule("warning")
def image_alt(book: Book) -> Iterator[Finding]:
    """An image has no alternative text, one that says nothing, or that of another image.

    Bad: ``![](figures/loss.png)``, ``:alt: loss.png``, two images with the same text

    Good: ``:alt: Training loss falls for ten epochs, then stays at 0.2.``

    Why: readers who cannot see the image, and search engines, read this text instead. German
    universities must provide it by law.
    """
    first: dict[str, ShownImage] = {}
    for image in book.images:
        if image.alt and len(image.alt.split()) > 1:
            other = first.setdefault(" ".join(image.alt.lower().split()), image)
            if image.target not in (other.target, other.path) and other.path != image.path:
                message = f"the alternative text of image '{image.target}' is also that of"
                yield found(image.at, f"{message} '{other.target}'; say what this one shows")
                continue
        # An image that is part of a link or of a figure-md has its text in square brackets too.
        file = image.target.rpartition("/")[2].rpartition(".")[0]
        says = image.alt is not None and not _NO_ALT.fullmatch(image.alt.strip())
        if says and image.alt != file:
            continue
        if image.by == "image" and image.alt == "":
            continue  # says that it is decoration
        how = {"markdown": "write it between the square brackets", "html": 'write alt="…"'}.get(
            image.by, "add ':alt: …'"
        )
        fault = "says nothing" if image.alt and image.alt.strip() else "is missing"
        message = f"the alternative text of image '{image.target}' {fault}"
        yield found(image.at, f"{message}; {how}: what does the image show?")
    for obj in book.numbered_objects:
        if obj.kind == "cell" and not obj.alt and _FIGURE_CELL.search(obj.element.body):
            message = "the figure that this cell makes has no alternative text"
            yield found(obj.at, f"{message}; add '#| fig-alt: …': what does the figure show?")
