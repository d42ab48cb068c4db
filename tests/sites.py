"""What readers see of a built book, part by part, to compare two builds."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path

from docutils import nodes
from sphinx import version_info
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace, patch_docutils

from building import alone

#: Formulas are compared as they are in the page: without the 75 files that set them there.
NO_MATHJAX = {"mathjax_path": "another.js"}


@dataclass(frozen=True)
class Part:
    """A part of a page: where it stands, what it is in full, and what readers see of it."""

    line: int
    full: str
    printed: str


@dataclass(frozen=True)
class Site:
    """The pages of a built book, and the warnings by place."""

    pages: dict[str, list[Part]]
    warnings: dict[tuple[str, int], list[str]]


def built(folder: Path) -> Site:
    """Build a book as HTML and return what its pages show."""
    stream = io.StringIO()
    with alone(folder), patch_docutils(), docutils_namespace():
        out = folder / "_build"
        places = (folder, folder, out / "html", out / "trees")
        app = Sphinx(*places, "html", NO_MATHJAX, status=None, warning=stream)
        app.builder.copy_static_files = lambda: None  # files of the theme, which no page shows
        app.build()
        # Sphinx 9 wants the tags.
        more = {"tags": app.tags} if version_info >= (9,) else {}
        pages = {
            name: list(parts(app.env.get_and_resolve_doctree(name, app.builder, **more)))
            for name in app.env.found_docs
        }
    warnings: dict[tuple[str, int], list[str]] = {}
    for line in re.sub(r"\x1b\[[\d;]*m", "", stream.getvalue()).splitlines():
        path, number, text = re.fullmatch(r"(.*?)(?::(\d+))?(?::\d+)?: (.*)", line).groups()  # type: ignore[union-attr]
        place = (path.removeprefix(f"{folder}/"), int(number or 0))
        warnings.setdefault(place, []).append(text.replace(str(folder), ""))
    return Site(pages, warnings)


def parts(tree: nodes.document) -> Iterator[Part]:
    """Iterate over what a page consists of; sections are parts by their anchors alone."""
    for node in tree.findall():
        text = is_text(node) and not any(
            is_text(item) for item in node.findall() if item is not node
        )
        alone = isinstance(node, nodes.image) and not isinstance(node.parent, nodes.TextElement)
        if isinstance(node, nodes.section):
            yield Part(node.line or 0, f"{node['ids']}", "")
        elif text or alone:
            # Labels are nothing that is shown; the anchors made of them are. Nor is where the file
            # of a program is, which differs between two copies of a book.
            full = re.sub(r' (?:label|names|source)="[^"]*"', "", node.pformat())
            yield Part(line_of(node), full, printed(node))


def is_text(node: nodes.Node) -> bool:
    return isinstance(node, nodes.TextElement) and not isinstance(node, nodes.Inline)


def line_of(node: nodes.Node) -> int:
    """Return the line of a node of the page; 0 for what the book adds: lists of works, menus."""
    line = 0
    while node.parent:
        line = line or node.line or 0
        if isinstance(node, nodes.rubric) or {"mmbook-references", "toctree-wrapper"} & {
            *node.get("classes", ())
        }:
            return 0
        node = node.parent
    return line


def printed(node: nodes.Element) -> str:
    """Return what readers see of a node."""
    copy = node.deepcopy()
    for image in list(copy.findall(nodes.image)):
        if image.parent:
            image.parent.replace(image, nodes.Text(f"[{image['uri']}]"))
    text = f"[{node['uri']}]" if isinstance(node, nodes.image) else copy.astext()
    mark = "# " if isinstance(node, nodes.title) else ""
    return mark + " ".join(text.split())


def changes(before: list[Part], after: list[Part]) -> list[tuple[list[Part], list[Part]]]:
    """Return the runs of parts that differ."""
    # Only where lines became one do parts stand elsewhere.
    same = before[-1].line == after[-1].line
    keys = [[(part.full, part.line * same) for part in page] for page in (before, after)]
    match = SequenceMatcher(None, *keys, autojunk=False)
    runs = [op for op in match.get_opcodes() if op[0] != "equal"]
    return [(before[start:stop], after[first:last]) for _, start, stop, first, last in runs]
