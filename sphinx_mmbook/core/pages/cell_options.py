"""Options of a notebook's code cells: what a cell's output is called and how it is shown.

Two spellings mean the same: lines ``#| fig-cap: Loss by epoch`` at the top of the cell (YAML, the
syntax of Quarto, https://quarto.org/docs/reference/cells/cells-jupyter.html) and options such as
``:caption:`` of ``{code-cell}``, which MyST-NB stores as the cell's metadata. The lines win.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sphinx_mmbook.core import expressions as re
from sphinx_mmbook.core.files.yaml_mapping import read_yaml_map
from sphinx_mmbook.core.finding import Edit, Finding, Location
from sphinx_mmbook.core.suggestions import nearest

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sphinx_mmbook.core.pages.elements import Element
    from sphinx_mmbook.core.pages.page import Page

RULE = "cell-option"
#: The place of a cell that is in no file.
NOWHERE = Location("", 1)

#: Option -> the field of CellOptions that it sets, and what it is for, in a line of the manual.
OPTIONS = {
    "label": ("label", "label, by which text refers to the figure, table or code"),
    "name": ("label", "the same, as directives call it"),
    "caption": ("caption", "caption of the figure or table that the cell makes, in Markdown"),
    "fig-cap": ("fig_cap", "caption of the figure"),
    "tbl-cap": ("tbl_cap", "caption of the table"),
    "alt": ("alt", "what the figure shows, for those who cannot see it"),
    "fig-alt": ("alt", "the same, as Quarto calls it"),
    "fig-width": ("width", "width of the figure: ``80%``, ``12cm``; a bare number is in inches"),
    "width": ("width", "width of the figure: ``80%``, ``12cm``"),
    "out-width": ("width", "the same, as Quarto calls it"),
    "echo": ("echo", "``false`` hides the code and leaves its output"),
}
#: Where several options set one field, the last wins.
FIELDS = {option: field for option, (field, _) in OPTIONS.items()}
#: Tags of cells that MyST-NB knows.
TAGS = (
    "hide-cell", "hide-input", "hide-output", "remove-cell", "remove-input", "remove-output",
    "remove-stderr", "remove-stdout", "raises-exception", "skip-execution", "scroll-output",
)  # fmt: skip
#: Quarto's other options that look like one of ours; they are not misspellings.
OTHERS = ("fig-scap", "fig-subcap", "tbl-subcap", "fig-height", "fig-asp", "fig-env", "out-height")

_LENGTH = re.compile(r"\d+(\.\d+)?\s?(%|px|em|ex|rem|cm|mm|in|pt|pc)?")


class CellOptions(NamedTuple):
    """What the options of one cell say.

    ``fig_cap`` captions a figure, ``tbl_cap`` a table, ``caption`` whichever the cell makes; all
    are inline MyST. ``lines`` is how many lines at the top of the cell hold options. ``label_at``
    is the label's place where it is in such a line, else ``None``.
    """

    label: str = ""
    caption: str = ""
    fig_cap: str = ""
    tbl_cap: str = ""
    alt: str = ""
    width: str = ""
    echo: bool = True
    lines: int = 0
    label_at: Location | None = None
    findings: tuple[Finding, ...] = ()

    @property
    def captioned(self) -> bool:
        """Whether the cell makes a numbered figure or table."""
        return bool(self.caption or self.fig_cap or self.tbl_cap)


def cell_options(
    source: str, metadata: Mapping[str, object], at: Location = NOWHERE
) -> CellOptions:
    """Return the options of the cell with that source and metadata.

    ``at`` is the place of the cell's first line. Faults become findings by ``cell-option``; the
    option at fault counts as not given.
    """
    lines = option_lines(source)
    top = source.splitlines()[:lines]
    # Blanks for the marks, so that YAML's columns are those of the file.
    text = "\n".join(line.replace("#|", "  ", 1) for line in top)
    options = read_yaml_map(text, at.path, RULE, at.line, at.cell)
    findings = [*options.findings, *_late(source, lines, at)]
    findings += _tags(options.fields.get("tags", metadata.get("tags")), at)
    values: dict[str, str] = {}
    for name, value in [*given(metadata, at.cell).items(), *options.fields.items()]:
        if fault := _fault(name, value):
            location = options.at(name) if name in options.fields else at
            findings.append(Finding(location, RULE, fault))
        elif name in FIELDS:
            values[FIELDS[name]] = _text(name, value)
    label = values.get("label", "")
    written = bool(label) and "label" in options.fields
    return CellOptions(
        **{name: values.get(name, "") for name in sorted({*FIELDS.values()} - {"echo"})},
        echo=values.get("echo") != "false",
        lines=lines,
        label_at=_value_location(top, options.at("label"), at.line, label) if written else None,
        findings=tuple(findings),
    )


#: An option of ours below the top of a cell.
_OPTION = re.compile(rf"^#([ ]*)\|[ ]?({'|'.join(OPTIONS)}):", re.MULTILINE)


def _late(source: str, lines: int, at: Location) -> Iterator[Finding]:
    """Yield the options that are comments, since code or an empty line is above them."""
    for match in _OPTION.finditer(source) if "|" in source else ():
        number = source.count("\n", 0, match.start())
        if match[1]:
            message = f"'{match[0]}' is a comment; write '#| {match[2]}:'"
            yield Finding(at._replace(line=at.line + number), RULE, message)
        elif number >= lines:
            message = f"'{match[0]}' is a comment below code or an empty line; move it to the top"
            yield Finding(at._replace(line=at.line + number), RULE, message)


def _tags(tags: object, at: Location) -> Iterator[Finding]:
    """Yield the tags that are nearly one of MyST-NB's; the others may be somebody's own."""
    for tag in re.findall(r"[\w-]+", str(tags or "")):
        near = nearest(tag.lower().replace("_", "-"), TAGS, 0.9)
        if near and tag not in (near, near.replace("remove-", "remove_")):
            yield Finding(at, RULE, f"nothing knows the tag '{tag}'; write '{near}'")


def given(metadata: Mapping[str, object], cell: int) -> dict[str, object]:
    """Return the options in a cell's metadata; in a file of JSON the ``name`` is Jupyter's own.

    What MyST-NB is told of the figure there are lines, as in a ``{code-cell}``.
    """
    known = FIELDS.keys() - {"name" if cell else ""}
    found = {name: value for name, value in metadata.items() if name in known}
    match metadata.get("mystnb"):
        case {"figure": dict(figure)} if cell:
            found["mystnb"] = "\n".join(f"{name}: {value}" for name, value in figure.items())
    return found


def option_lines(source: str) -> int:
    """Return how many lines at the top of a cell are options, with the blank ones after them."""
    count = 0
    lines = source.splitlines()
    for line in lines:
        if not line.startswith("#|"):
            break
        count += 1
    while count and count < len(lines) and not lines[count].strip():
        count += 1
    return count


def _value_location(lines: Sequence[str], key: Location, first: int, label: str) -> Location:
    """Return where the label stands, given the place of its key."""
    column = lines[key.line - first].find(label, key.column + len("label"))
    return key._replace(column=column + 1) if column >= 0 else key


def _fault(name: str, value: object) -> str:
    """Say what is wrong with an option, if anything is."""
    if name not in FIELDS:
        near = nearest(name, FIELDS, 0.75)
        known = not near or name in OTHERS
        return "" if known else f"unknown cell option '{name}'; did you mean '{near}'?"
    if isinstance(value, list | dict):
        return f"cell option '{name}' must be text; put it in quotes: {name}: \"...\""
    text = _text(name, value)
    if name == "label" and re.search(r"\s", text):
        new = re.sub(r"[^\w-]+", "-", text).strip("-")
        return f"label '{text}' contains a space; write '{new}'"
    if name == "echo" and text not in ("", "true", "false", "fenced"):
        return f"'{text}' is neither true nor false; write 'echo: false' to hide the code"
    if FIELDS[name] == "width" and not _LENGTH.fullmatch(text):
        return f"'{text}' is not a width; write for example '{name}: 80%'"
    return ""


def _text(name: str, value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    text = " ".join(str(value).split()) if FIELDS[name] != "label" else str(value).strip()
    # Quarto's fig-width without a unit is in inches.
    return f"{text}in" if name == "fig-width" and text[-1:].isdigit() else text


def body_line(lines: Sequence[str], start: int, body: str) -> int:
    """Return the line (from 1) of the file in which a cell's source begins.

    ``lines`` are the file's, ``start`` is the line (from 1) after the opening fence; options of the
    directive, which are not part of the source, may come first.
    """
    wanted = body.splitlines()
    for first in range(start - 1, len(lines) - len(wanted) + 1):
        if wanted and list(lines[first : first + len(wanted)]) == wanted:
            return first + 1
        if first >= start - 1 and re.match(r" {0,3}(`{3,}|~{3,})\s*$", lines[first]):
            break
    return start


#: What every Markdown page with code cells has in its front matter.
HEADER = "file_format: mystnb\nkernelspec: {{name: {}}}"
#: The language of a cell -> the kernel that runs it.
KERNELS = {"r": "ir", "ir": "ir", "julia": "julia-1.10"}


def cell_findings(page: Page) -> Iterator[Finding]:
    """Yield what is wrong with the code cells of a page, as far as it shows before they run."""
    cells = list(page.of("code-cell"))
    if not cells or page.source.restructured:
        return
    if page.path.endswith(".md") and not is_notebook(page.source.front.fields):
        yield _missing_header(page, cells[0])
        return
    for cell in cells:
        if cell.name == "nested":
            message = (
                "this code cell stands inside another block, so it is not run; move it out of the "
                "list, note or quotation to the left margin"
            )
            yield Finding(cell.at._replace(column=0), "code-cell-nested", message)
            continue
        block = page.positions_at(cell.at).block
        first = block.first_line + cell.level
        blank = len(cell.body) - len(cell.body.lstrip("\n"))
        at = cell.at._replace(line=first + blank, column=0)
        metadata = {o.name: o.text for o in cell.options if o.name and o.at.line < first}
        yield from cell_options(cell.body.lstrip("\n"), {**metadata, **block.options}, at).findings


def is_notebook(front: Mapping[str, object]) -> bool:
    """Whether MyST-NB takes a Markdown page with such front matter for a notebook."""
    if front.get("file_format") == "mystnb":
        return True
    match front.get("jupytext"):
        case {"text_representation": {"format_name": "myst"}}:
            return True
    return False


def _missing_header(page: Page, cell: Element) -> Finding:
    """Return the finding for a page with code cells that is not a notebook: nothing runs them.

    Bad: a page with ``{code-cell}`` whose front matter has only a title.
    Good: front matter with ``file_format: mystnb`` and ``kernelspec: {name: python3}``.
    """
    argument = cell.option("")
    kernel = KERNELS.get(argument.text.lower() if argument else "", "python3")
    header = HEADER.format(kernel)
    if "kernelspec" in page.source.front.fields:
        header = header.partition("\n")[0]
    lines = "' and '".join(header.splitlines())
    message = (
        "this page has code cells but no notebook header, so no code is run; add to its front "
        f"matter '{lines}'"
    )
    top, first = Location(page.path, 1, 1), page.source.text.partition("\n")[0]
    if page.source.blocks[0].first_line > 1:
        edits: tuple[Edit, ...] = (Edit(top, first, f"{first}\n{header}"),)
    else:
        edits = (Edit(top, first, f"---\n{header}\n---\n\n{first}"),) if first else ()
    at = cell.at._replace(column=0)
    return Finding(at, "notebook-header", message, fix=() if page.source.front.findings else edits)
