"""What pages show and use: each image with its file, and everything that names a file."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sphinx_mmbook.core import expressions as re
from sphinx_mmbook.core.files.lookup import is_elsewhere, is_url, path_from

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx_mmbook.core.finding import Location
    from sphinx_mmbook.core.pages.elements import Element
    from sphinx_mmbook.core.pages.page import Page

IMAGE_SUFFIXES = (
    ".png", ".jpg", ".jpeg", ".svg", ".gif", ".webp", ".avif", ".pdf", ".tif", ".tiff", ".bmp",
    ".eps", ".ps", ".ai", ".psd", ".heic", ".heif", ".emf", ".wmf", ".xcf",
)  # fmt: skip
#: Directives whose argument is an image.
DIRECTIVES = ("figure", "image")
#: Options of sphinx-design's directives that are one.
_PICTURES = ("img-top", "img-bottom", "img-background", "avatar")
#: Directives whose argument is a stored result.
RESULT_DIRECTIVES = ("stored-table", "stored-figure")
#: All that show stored results; a rule of its own judges their options.
SHOW_RESULTS = (*RESULT_DIRECTIVES, "stored-models")

_TAG = re.compile(
    r"""<(?:img|video|source|audio)\b(?>(?:"[^"]*"|'[^']*'|[^<>"']++)*)""", re.IGNORECASE
)
#: What is in one that nothing ends is not shown either.
_COMMENT = re.compile(r"<!--(?:.*?-->|.*)", re.DOTALL)
_SOURCE = re.compile(r"""\ssrc\s*=\s*["']?((?<=["'])[^"']+|[^"'\s<>]+)""", re.IGNORECASE)
_ALT = re.compile(r"""\salt\s*=\s*("[^"]*"|'[^']*'|[^\s>"']+)""", re.IGNORECASE)


class ShownImage(NamedTuple):
    """An image on a page. ``alt`` is None where none is given.

    ``by`` is ``figure`` or ``image`` (directives), ``markdown`` or ``html``; ``at`` the place of
    the file in it, as written in ``target``.
    """

    target: str
    at: Location
    page: Page
    element: Element
    by: str
    alt: str | None = None

    @property
    def path(self) -> str:
        """The path of the file relative to the book; spaces in it hold in Markdown alone."""
        target = self.target if self.by == "markdown" else "".join(self.target.split())
        return path_from(self.page.path, target)

    @property
    def is_url(self) -> bool:
        """Whether the image is not a file of the book."""
        return (is_url if self.by == "html" else is_elsewhere)(self.target)


class ResultUse(NamedTuple):
    """A stored result on a page: ``target`` is its file as written at ``at``.

    ``by`` is the directive or role that shows it.
    """

    target: str
    at: Location
    page: Page
    by: str

    @property
    def path(self) -> str:
        """The path of the file relative to the book."""
        return path_from(self.page.path, self.target)


def results_of(page: Page) -> Iterator[ResultUse]:
    """Iterate over the stored results that a page shows."""
    for element in page.of("directive", "role"):
        if element.name == "stored-models" and element.kind == "directive":
            # What stands where other directives have an argument is the first line for the build.
            if target := element.text.partition("=")[0].strip():
                yield ResultUse(target, element.argument_at, page, element.name)
            for number, line in enumerate(element.body.split("\n"), element.level):
                target = line.partition("=")[0].strip()
                if target:
                    at = element.at._replace(line=number, column=line.find(target) + 1)
                    yield ResultUse(target, at, page, element.name)
        elif element.name in RESULT_DIRECTIVES and element.kind == "directive":
            if target := element.text.strip():
                yield ResultUse(target, element.argument_at, page, element.name)
        elif element.name == "stored" and element.kind == "role":
            target = element.text.partition("#")[0].strip()
            if target:
                at = element.at.right(len("{stored}`"))
                yield ResultUse(target, at, page, element.name)


def images_of(page: Page) -> Iterator[ShownImage]:
    """Iterate over the images of a page."""
    for element in page.of("directive", "image", "html"):
        if element.kind == "directive":
            if element.name in DIRECTIVES and element.text:
                alt = element.option("alt")
                text = alt.text if alt else None
                location = element.argument_at
                yield ShownImage(element.text.strip(), location, page, element, element.name, text)
            for option in element.options:
                if option.name in _PICTURES and option.text:
                    # What it shows is the matter of other options, if it is more than decoration.
                    yield ShownImage(option.text, option.at, page, element, element.name, "card")
        elif element.kind == "image":
            if element.name:
                yield ShownImage(element.name, element.at, page, element, "markdown", element.text)
        else:
            yield from _in_html(page, element)


def _in_html(page: Page, element: Element) -> Iterator[ShownImage]:
    text = _COMMENT.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), element.text)
    for tag in _TAG.finditer(text):
        if match := _SOURCE.search(tag[0]):
            before = tag.start() + match.start(1)
            line = element.at.line + element.text.count("\n", 0, before)
            at = element.at._replace(line=line)
            column = page.line(at).find(match[1])
            alt = _ALT.search(tag[0])
            said = alt[1].strip("\"'") if alt else None
            yield ShownImage(
                match[1], at._replace(column=max(column, 0) + 1), page, element, "html", said
            )
