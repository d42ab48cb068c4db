"""The ``{stored-figure}`` directive: a figure from a chapter's ``results/``, in several formats."""

from __future__ import annotations

import glob
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx import addnodes

from sphinx_mmbook.core.files.paths import inside_book, locate
from sphinx_mmbook.core.finding import BookError
from sphinx_mmbook.core.results.figure_formats import dark_twin, format_files
from sphinx_mmbook.core.results.request import Request
from sphinx_mmbook.core.results.values.fault import ResultFault
from sphinx_mmbook.ext.domain import book_domain
from sphinx_mmbook.ext.guard import box
from sphinx_mmbook.ext.report import report
from sphinx_mmbook.ext.results.stored_directive import (
    LABELLED,
    Options,
    StoredDirective,
    note_result,
)

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

    from sphinx_mmbook.core.results.cache import ResultCache

#: Sphinx's collector of images runs at 500.
AFTER_COLLECTOR = 600


class StoredFigure(StoredDirective):
    """Shows a stored figure: each output takes the format that it shows best.

    ``results/loss`` and ``results/loss.svg`` mean the same: all of ``loss.svg``, ``loss.pdf`` and
    ``loss.png`` that are there. Dark pages of the website show ``loss-dark.svg`` if that is there.

    Example::

        ```{stored-figure} results/loss.svg
        :label: fig-loss
        :alt: The loss falls from 2.3 to 0.4 in 20 epochs.
        :width: 80%

        Loss on the training set by epoch.
        ```
    """

    required_arguments = 1
    final_argument_whitespace = True
    has_content = True
    described: ClassVar[Options] = {
        **LABELLED,
        "alt": (directives.unchanged, "what the figure shows, for those who cannot see it"),
        "width": (directives.length_or_percentage_or_unitless, "its width: ``80%``, ``12cm``"),
        "align": (
            lambda value: directives.choice(value, ("left", "center", "right")),
            "``left``, ``center`` or ``right``",
        ),
    }

    def run(self) -> list[nodes.Node]:
        """Return the figure, or where one would be, what is wrong with it."""
        try:
            files = self.files()
        except BookError as error:
            report(self.env, error.finding)
            return [box(self.env, error.finding)]
        figure = nodes.figure(classes=["stored-figure", *self.options.get("class", [])])
        figure["align"] = self.options.get("align", "default")
        self.set_source_info(figure)
        text = self.options.get("caption") or " ".join(self.content).strip()
        caption = self.caption(nodes.caption(), text) if text else nodes.caption()
        figure += self.images(files, caption.astext())
        figure += [caption] if text else []
        label = self.label(figure)
        for path in files:
            self.env.note_dependency(path)
            note_result(self.env, path, self.location(), "figure", label)
        return [figure, *self.sources(files[0])]

    def files(self) -> list[Path]:
        """Return the files of the figure, those for the web first.

        :raises BookError: if there is none, or one is outside of the book.
        """
        target, at = self.arguments[0].strip(), self.location()
        page = self.env.doc2path(self.env.docname, base=False).as_posix()
        path = locate(self.env.srcdir, page, target, at)
        try:
            found = format_files(path)
        except ResultFault as fault:
            raise Request(path, target, at).error(fault) from None
        if not found:
            self.env.note_dependency(path)
            return [inside_book(self.env.srcdir, page, target, at, "result-missing")]
        root = Path(self.env.srcdir).resolve()
        names = ["/" + file.relative_to(root).as_posix() for file in found]
        # Each may be a link that leads out of the book.
        return [inside_book(root, page, name, at, "result-missing") for name in names]

    def images(self, files: list[Path], alt: str) -> nodes.Node:
        """Return the image, with its twin for dark pages if there is one."""
        light = self.image(files, alt)
        root = Path(self.env.srcdir).resolve()
        twin = dark_twin(files)
        if twin is None or not twin.resolve().is_relative_to(root):
            return light
        dark = self.image([twin], alt)
        light["classes"], dark["classes"] = ["only-light"], ["only-dark"]
        self.env.note_dependency(twin)
        note_result(self.env, twin, self.location(), "figure")
        # Themes hide the captions that follow a dark image.
        both = nodes.container(classes=["mmbook-twins"])
        both += [light, addnodes.only("", dark, expr="html and not epub")]
        return both

    def image(self, files: list[Path], alt: str) -> nodes.image:
        """Return the image; with a star for a suffix, Sphinx's writers choose the format.

        ``alt`` is the alternative text if the author has written none.
        """
        inside = files[0].relative_to(Path(self.env.srcdir).resolve())
        one = len(files) == 1 or glob.escape(inside.as_posix()) != inside.as_posix()
        uri = inside if one else inside.with_suffix(".*")
        node = nodes.image(uri=f"/{uri.as_posix()}", alt=self.options.get("alt", alt))
        if "width" in self.options:
            node["width"] = self.options["width"]
        self.set_source_info(node)
        return node


def got_twins(app: Sphinx, env: BuildEnvironment, *_: object) -> list[str]:
    """Return the pages with a figure that has got a twin for dark pages since they were read."""
    pages = []
    for docname, shown in book_domain(env).results.items():
        figures = {Path(env.srcdir, one.path) for one in shown if one.kind == "figure"}
        if {dark_twin([file]) for file in figures} - {None, *figures}:
            pages.append(docname)
    return sorted(pages)


def only_images(app: Sphinx, doctree: nodes.document) -> None:
    """Leave data and provenance out of what Sphinx found for the star."""
    for figure in doctree.findall(nodes.figure):
        if "stored-figure" in figure["classes"]:
            for image in figure.findall(nodes.image):
                found: dict[str, str] = image.get("candidates", {})
                image["candidates"] = {
                    kind: path
                    for kind, path in found.items()
                    if kind.startswith("image/") or kind in ("application/pdf", "*")
                }


def setup_stored_figure(app: Sphinx, results: ResultCache) -> None:
    """Register the directive."""
    directive = type("StoredFigure", (StoredFigure,), {"results": results})
    app.add_directive("stored-figure", directive)
    app.connect("env-get-outdated", got_twins)
    app.connect("doctree-read", only_images, priority=AFTER_COLLECTOR)
