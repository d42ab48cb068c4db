"""What all directives and the role for stored results do alike."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from docutils.parsers.rst import directives
from sphinx.util.docutils import SphinxDirective

from sphinx_mmbook.core.files.paths import inside_book, locate
from sphinx_mmbook.core.results.request import Request, ShownResult
from sphinx_mmbook.core.results.tables.number_format import NumberSigns, signs_of
from sphinx_mmbook.ext.domain import book_domain
from sphinx_mmbook.ext.positions import location_of
from sphinx_mmbook.ext.results.source_notes import source_line

if TYPE_CHECKING:
    from docutils import nodes
    from sphinx.environment import BuildEnvironment

    from sphinx_mmbook.core.finding import Location
    from sphinx_mmbook.core.results.cache import ResultCache

#: Options of a directive: what reads the value, and what it is for, in a line of the manual.
Options = Mapping[str, tuple[Callable[[Any], Any], str]]


def flag(argument: str | None) -> None:
    """Read an option that takes no value: for ``:transpose: no`` is not what docutils makes of it.

    :raises ValueError: if it has one.
    """
    if argument and argument.strip():
        raise ValueError("it takes no value; write its name alone, or leave the line out")


given = directives.unchanged_required
LABELLED: Options = {
    "label": (given, "label, by which text refers to it"),
    "name": (given, "the same, as docutils calls it"),
    "caption": (given, "caption, in Markdown"),
    "class": (directives.class_option, "class of the element, for a style sheet"),
    "source": (flag, "a line that says where the result comes from"),
}


class StoredDirective(SphinxDirective):
    """Shows results; ``results`` are those that this process has read, for all pages."""

    results: ClassVar[ResultCache]
    described: ClassVar[Options] = {}

    def __init_subclass__(cls) -> None:
        """Tell docutils of the options."""
        super().__init_subclass__()
        cls.option_spec = {name: read for name, (read, _) in cls.described.items()}

    def request(self, target: str) -> Request:
        """Return the request for the file that ``target`` names.

        :raises BookError: if it is outside of the book, or not there.
        """
        return request_for(self.env, target, self.location(), self.options)

    def location(self) -> Location:
        """Return where the directive stands."""
        return location_of(self.env, *self.get_source_info())

    def inline(self, text: str) -> list[nodes.Node]:
        """Return text that the author wrote, read as Markdown."""
        parsed, messages = self.parse_inline(text)
        return [*parsed, *messages]

    def label(self, node: nodes.Element) -> str:
        """Give ``node`` the label that the author chose, and return it."""
        label = self.options.get("label", self.options.get("name"))
        if not label:
            return ""
        self.options["name"] = label
        self.add_name(node)
        return str(label)

    def caption(self, node: nodes.TextElement, text: str) -> nodes.TextElement:
        """Return ``node`` as the caption with that text."""
        self.set_source_info(node)
        node.rawsource = text
        node += self.inline(text)
        return node

    def sources(self, path: Path) -> list[nodes.Node]:
        """Return where a result comes from, if the author wants that to be said."""
        return source_line(self.env, path) if "source" in self.options else []


def request_for(
    env: BuildEnvironment, target: str, at: Location, options: Mapping[str, str]
) -> Request:
    """Return the request for a result; the page depends on its file from now on.

    :raises BookError: if it is outside of the book, or not there.
    """
    page = env.doc2path(env.docname, base=False).as_posix()
    # Also a missing file: when it appears, the page must be read again.
    env.note_dependency(locate(env.srcdir, page, target, at))
    return request_on(env, page, target, at, options)


def request_on(
    env: BuildEnvironment, page: str, target: str, at: Location, options: Mapping[str, str]
) -> Request:
    """Return the request for a result on the page with that path.

    :raises BookError: if it is outside of the book, or not there.
    """
    return Request(
        inside_book(env.srcdir, page, target, at, "result-missing"),
        target,
        at,
        element=options.get("element", ""),
        max_bytes=env.config.mmbook_result_max_bytes,
        header_rows=int(options.get("header-rows", 1)),
    )


def number_signs(env: BuildEnvironment) -> NumberSigns:
    """Return the signs of which the book makes numbers."""
    return signs_of(env.config.mmbook_number_language or env.config.language)


def note_result(
    env: BuildEnvironment,
    path: Path,
    at: Location,
    kind: Literal["table", "figure", "number"],
    label: str = "",
) -> None:
    """Remember that the page shows a file of the book."""
    inside = path.relative_to(Path(env.srcdir).resolve()).as_posix()
    book_domain(env).note_result(env.docname, ShownResult(inside, kind, at, label))
