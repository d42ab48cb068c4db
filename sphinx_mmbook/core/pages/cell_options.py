"""Options of a notebook's code cells: what a cell's output is called and how it is shown.

Two spellings mean the same: lines ``#| fig-cap: Loss by epoch`` at the top of the cell (YAML, the
syntax of Quarto, https://quarto.org/docs/reference/cells/cells-jupyter.html) and options such as
``:caption:`` of ``{code-cell}``, which MyST-NB stores as the cell's metadata. The lines win.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sphinx_mmbook.core.files.yaml_mapping import read_yaml_map
from sphinx_mmbook.core.finding import Finding, Location
from sphinx_mmbook.core.suggestions import nearest

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

RULE = "cell-option"
#: The place of a cell that is in no file.
NOWHERE = Location("", 1)

#: Option -> the field of CellOptions that it sets, and what it is for, in a line of the manual.
OPTIONS = {
    "label": ("label", "label, by which text refers to the figure, table or code"),
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
#: Quarto's other options that look like one of ours; they are not misspellings.
OTHERS = ("fig-scap", "fig-subcap", "tbl-subcap", "fig-height", "fig-asp", "fig-env", "out-height")

_LENGTH = re.compile(r"\d+(\.\d+)?\s?(%|px|em|ex|rem|cm|mm|in|pt|pc)?")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})\s*(\{code-cell\})?")


@dataclass(frozen=True, slots=True)
class CellOptions:
    """What the options of one cell say.

    ``fig_cap`` captions a figure, ``tbl_cap`` a table, ``caption`` whichever the cell makes; all
    are inline MyST. ``lines`` is how many lines at the top of the cell hold options. ``label_at``
    is the label's place where it stands in such a line, else ``None``.
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
    findings = list(options.findings)
    values: dict[str, str] = {}
    known = {name: value for name, value in metadata.items() if name in FIELDS}
    for name, value in [*known.items(), *options.fields.items()]:
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
        return f"label '{text}' contains a blank; write '{'-'.join(text.split())}'"
    if FIELDS[name] == "width" and not _LENGTH.fullmatch(text):
        return f"'{text}' is no width; write for example '{name}: 80%'"
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


def missing_notebook_header(path: str, text: str) -> Finding | None:
    """Return a finding if a Markdown page that is not a notebook has code cells: nothing runs them.

    Bad: a page with ``{code-cell}`` whose front matter has only a title.
    Good: front matter with ``file_format: mystnb`` and ``kernelspec: {name: python3}``.
    """
    if not path.endswith(".md") or "{code-cell}" not in text:
        return None
    fence = ""
    for number, line in enumerate(text.splitlines(), 1):
        match = _FENCE.match(line)
        if match and not fence:
            if match[2]:
                message = (
                    "this page has code cells but no notebook header, so no code is run; add to "
                    "its front matter the lines 'file_format: mystnb' and "
                    "'kernelspec: {name: python3}'"
                )
                return Finding(Location(path, number), "notebook-header", message)
            fence = match[1]
        elif match and match[1].startswith(fence) and not line.strip().strip(fence[0]):
            fence = ""
    return None
