"""Pages as text: Markdown files and notebooks, cut into the blocks that a parser reads."""

from __future__ import annotations

import json
import re
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, NamedTuple

from sphinx_mmbook.core.escapes import json_value
from sphinx_mmbook.core.files.lookup import path_from
from sphinx_mmbook.core.files.of_repository import outside_fault
from sphinx_mmbook.core.files.paths import is_file
from sphinx_mmbook.core.files.yaml_mapping import YamlMap, read_yaml_map
from sphinx_mmbook.core.finding import BookError, Finding, Location
from sphinx_mmbook.core.pages.markdown import FORMULAS, switches
from sphinx_mmbook.core.pages.notebook_form import is_notebook_form

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from sphinx_mmbook.core.pages.elements import Element, Value

#: So many characters may a page include, of which each file counts for some even if it is empty.
MOST_INCLUDED, LEAST = 2_000_000, 1000
#: A chapter is text; what is larger has data or outputs inside.
MAX_BYTES = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Block:
    """A run of text: a whole Markdown file, or one cell. ``first_line`` is its line in the file.

    ``cell`` counts from 1 in notebooks, 0 is a Markdown file; ``options`` is its metadata.
    """

    text: str
    first_line: int = 1
    cell: int = 0
    is_code: bool = False
    options: Mapping[str, Any] = field(default_factory=dict, compare=False)


class Source(NamedTuple):
    """A page as read. ``path`` is relative to the book; ``blocks`` leave the front matter out.

    ``restructured``: it is written in reStructuredText, not in MyST.
    """

    path: str
    text: str
    front: YamlMap
    blocks: tuple[Block, ...]
    restructured: bool = False


_OWN = ("enable_extensions", "fence_as_directive")


def extensions_of(source: Source, of_book: frozenset[str]) -> frozenset[str]:
    """Return the extensions of a page: its front matter's in place of the book's, as in MyST.

    With "```" before them, languages of which MyST makes directives; with "$", other formulas.
    """
    front = source.front.fields.get("myst")
    own: dict[Any, Any] = front if isinstance(front, dict) else {}
    named, made = map(own.get, _OWN)
    fences = frozenset(name for name in of_book if name[:1] == "`")
    formulas = {
        f"dmath_{name}": usual != (f"${name}" in of_book) for name, usual in FORMULAS.items()
    }
    found = frozenset(map(str, named)) if isinstance(named, list) else of_book - fences
    fences = frozenset(f"```{name}" for name in made) if isinstance(made, list) else fences
    found = frozenset(name for name in found if name[:1] != "$")
    return found | fences | switches(formulas | own, "dmath_")


@dataclass
class Inclusions:
    """What a page includes: texts of other files that a parser reads as if they stood on the page.

    ``parts`` are these texts by path. In place of what a directive leaves out of a file there are
    empty lines, so that lines and columns are those of the file.
    """

    folder: Path
    page: str
    parts: dict[str, str] = field(default_factory=dict)
    faults: list[Finding] = field(default_factory=list)
    within: list[str] = field(default_factory=list)
    size: int = 0

    @contextmanager
    def entered(self, directive: Element) -> Iterator[tuple[str, str] | None]:
        """Enter the file that a directive includes: give its path and text, if that is markup.

        :raises BookError: if it includes itself, or there is too much of it.
        """
        path = path_from(self.page, directive.text.strip())
        text = self._text(path, directive)
        if not text:
            yield None
            return
        self.size += len(text) + LEAST
        circle = path in (self.page, *self.within)
        if circle or self.size > MOST_INCLUDED:
            what = "includes itself" if circle else "is too much, with all that is included here"
            message = f"'{path}' {what}; take this '{{include}}' out"
            raise BookError(Finding(directive.at, "page-too-complex", message))
        self.within.append(path)
        before = self.parts.get(path, "")
        self.parts[path] = text if len(text) >= len(before) else before
        yield path, text
        self.within.pop()

    def _text(self, path: str, directive: Element) -> str:
        is_markup = not directive.option("literal", "code", "parser", "encoding")
        target, place = directive.text.strip(), self.folder / path
        if not is_markup or target[:1] in ("", "<") or not is_file(place):
            return ""
        if outside_fault(self.folder, place, target):
            return ""
        try:
            return _chosen(read_text(place, path), directive)
        except BookError as error:
            self.faults.append(error.finding)
            return ""


def _chosen(text: str, directive: Element) -> str:
    """Return what a directive takes of a text, after empty lines for what is before it."""
    if (
        not directive.restructured
    ):  # MyST-Parser takes other ends of lines for such here, and only here
        text = re.sub("[\v\f\x1c-\x1e\x85\u2028\u2029]", "\n", text)
    first, last = (_number(directive.option(name)) for name in ("start-line", "end-line"))
    starts = [0, *(match.end() for match in re.finditer(r"[^\n]*\n|[^\n]+", text))]
    begin, end, _ = slice(first, last).indices(len(starts) - 1)
    start, stop = starts[begin], starts[end]
    if after := directive.option("start-after"):
        found = text.find(after.text, start, stop)
        start = found + len(after.text) if found >= 0 else stop
    if before := directive.option("end-before"):
        stop = max(text.find(before.text, start, stop), start)
    if not directive.restructured and start == 0:
        start = sum(len(line) + 1 for line in text.split("\n")[: _front_matter_end(text)])
    head, chosen = text[:start], text[start:stop]
    if not chosen.strip():
        return ""
    column = start - head.rfind("\n") - 1
    return "\n" * head.count("\n") + " " * (column if chosen.split("\n")[0].strip() else 0) + chosen


def _number(option: Value | None) -> int | None:
    return int(option.text) if option and re.fullmatch(r"-?\d{1,9}", option.text) else None


def read_source(book: Path, path: str) -> Source:
    """Read the page at ``path`` (relative to ``book``).

    :raises BookError: if the file cannot be read, is not UTF-8, too large or no notebook.
    """
    text = read_text(book / path, path)
    if path.endswith(".rst"):
        # Of the fields that may stand at the top only this one says something about the book.
        fields = {"orphan": True} if re.match(r"\s*:orphan:[ \t]*$", text, re.MULTILINE) else {}
        return Source(path, text, YamlMap(path, fields), (Block(text),), restructured=True)
    return source_from(path, text)


#: How files begin that cannot be pages -> what to say of them.
_OTHER_FORMS = {
    b"PK\x03\x04": "a Word document or another archive; save its text as plain text",
    b"{\\rtf": "rich text (RTF); save it as plain text",
    b"<!DOCTYPE html": "a web page; on GitHub, download the file by 'Raw'",
    b"version https://git-lfs": "a pointer of Git LFS; run 'git lfs pull'",
}


def read_text(file: Path, path: str) -> str:
    """Return a file's text, without a byte-order mark.

    :raises BookError: as ``read_source``.
    """
    try:
        if file.stat().st_size > MAX_BYTES:
            message = (
                "this page is larger than 16 MiB; move data and outputs into files of their own"
            )
            raise BookError(Finding(Location(path, 1), "page-too-large", message))
        data = file.read_bytes()
    except OSError as error:
        message = f"this page cannot be read: {error.strerror}"
        raise BookError(Finding(Location(path), "page-unreadable", message)) from None
    for sign, what in _OTHER_FORMS.items():
        if data.startswith(sign):
            raise BookError(Finding(Location(path, 1), "page-encoding", f"this file is {what}"))
    try:
        return one_line_end(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        before = data[: error.start]
        line, column = before.count(b"\n") + 1, error.start - before.rfind(b"\n")
        message = "this file is not UTF-8; open it in your editor and save it with encoding UTF-8"
        raise BookError(Finding(Location(path, line, column), "page-encoding", message)) from None


def one_line_end(text: str) -> str:
    """Return a text with the line ends that all of the checker counts by."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def source_from(path: str, text: str) -> Source:
    """Cut a page's text, with ``\\n`` as line ends, into front matter and blocks.

    :raises BookError: if a ``.ipynb`` file is not a notebook.
    """
    if path.endswith(".ipynb"):
        return _notebook_source(path, text)
    end = _front_matter_end(text)
    front = read_yaml_map(_inner(text, end), path, "front-matter", 2) if end else YamlMap(path)
    if end and not front.fields and not front.findings:
        message = "this front matter is empty; write 'title: …' in it, or delete its lines '---'"
        front = YamlMap(path, findings=(Finding(Location(path, 1), "front-matter", message),))
    first, _, below = text.partition("\n")
    if not end and first.startswith("---") and _front_matter_end(f"---\n{below}"):
        message = "this front matter begins after its '---'; write '---' on a line of its own"
        front = YamlMap(path, findings=(Finding(Location(path, 1), "front-matter", message),))
    # Not splitlines: a form feed or U+2028 within a line ends none.
    rest = "".join(text.split("\n", end)[end:]) if end else text
    return Source(path, text, front, (Block(rest, end + 1),))


def _front_matter_end(text: str) -> int:
    """Return the number of lines that the front matter takes, 0 if there is none."""
    if not text.startswith("---"):
        return 0
    lines = text.split("\n")
    if lines[0].strip("-").strip():
        return 0
    for number, line in enumerate(lines[1:], 2):
        if line.startswith(("---", "...")):
            return number
    return 0


def _inner(text: str, end: int) -> str:
    return "\n".join(text.split("\n")[1 : end - 1])


def read_notebook(path: str, text: str) -> dict[str, Any]:
    """Return the JSON of a notebook (nbformat 4: https://nbformat.readthedocs.io).

    :raises BookError: if it is not a notebook.
    """
    try:
        notebook = json_value(text)
        if not is_notebook_form(notebook):
            raise TypeError
    except json.JSONDecodeError as error:
        advice = "take back what was changed here"
        if "\n<<<<<<< " in text:
            advice = "Git could not merge it: keep one of its two versions, as a whole"
        message = f"this notebook is damaged (no JSON: {error.msg}); {advice}"
        at = Location(path, error.lineno, error.colno)
        raise BookError(Finding(at, "notebook", message)) from None
    except (AttributeError, KeyError, TypeError, ValueError, RecursionError):
        message = (
            "this is not a notebook of format 4 (up to 4.5); open and save it in a current Jupyter"
        )
        raise BookError(Finding(Location(path, 1), "notebook", message)) from None
    return dict(notebook)


def cell_text(cell: Any) -> str:
    """Return a cell's source, which nbformat stores as text or as a list of lines."""
    source = cell.get("source", "")
    if isinstance(source, list):
        source = "".join(line for line in source if isinstance(line, str))
    return one_line_end(source) if isinstance(source, str) else ""


def _notebook_source(path: str, text: str) -> Source:
    notebook = read_notebook(path, text)
    cells = notebook["cells"]
    front = YamlMap(path)
    blocks: list[Block] = []
    for number, cell in enumerate(cells, 1):
        source = cell_text(cell)
        end = _front_matter_end(source) if number == 1 and cell["cell_type"] != "code" else 0
        if end:
            front = read_yaml_map(_inner(source, end), path, "front-matter", 2, number)
            source = "\n".join(source.split("\n")[end:])
        if cell["cell_type"] in ("markdown", "code"):
            is_code = cell["cell_type"] == "code"
            blocks.append(Block(source, end + 1, number, is_code, cell["metadata"]))
    if not front.findings:
        # Both are for Sphinx; what the first cell says goes before.
        front = replace(front, fields={**notebook.get("metadata", {}), **front.fields})
    return Source(path, text, front, tuple(blocks))


def notebook_text(
    path: str, text: str, keep: Callable[[Mapping[str, Any]], dict[str, Any]] = dict
) -> str:
    """Return a notebook whose first cell's front matter is in its metadata.

    Front matter in a first Markdown or raw cell is the convention of mystmd and Quarto; MyST-NB
    reads a notebook's metadata only. ``keep`` chooses the fields. All cells keep their numbers.

    :raises BookError: as ``read_notebook``.
    """
    notebook = read_notebook(path, text)
    fields = notebook.get("metadata", {})
    cells = notebook["cells"]
    first = cells[0] if cells and cells[0]["cell_type"] != "code" else {}
    source = cell_text(first)
    if end := _front_matter_end(source):
        front = read_yaml_map(_inner(source, end), path, "front-matter", 2, 1)
        fields = {**fields, **front.fields}
        rest = source.split("\n")[end:]
        first["source"] = "\n".join([*[""] * end, *rest]) if any(rest) else ""
        first["cell_type"] = "markdown"
    notebook["metadata"] = keep(fields)
    return json.dumps(notebook, default=str)
