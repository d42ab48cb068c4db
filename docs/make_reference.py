"""Writes docs/rules.md and docs/reference/ from the code: ``python docs/make_reference.py``.

What is registered is asked of a running Sphinx, before and after our setup; what each option is for
stands beside the code that reads it. ``tests/test_reference.py`` fails if a page is not current.
"""

from __future__ import annotations

import argparse
import inspect
import re
import sys
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import fields
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from docutils.parsers.rst import directives, roles
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace

from sphinx_mmbook import store
from sphinx_mmbook.cli import COMMANDS, make_parser
from sphinx_mmbook.core.bib import library
from sphinx_mmbook.core.bib.cite import ROLES as CITATION_ROLES
from sphinx_mmbook.core.bib.cite import author_years, cite, parse_targets
from sphinx_mmbook.core.bib.entry import BibEntry
from sphinx_mmbook.core.checking.rule_manual import rules_page
from sphinx_mmbook.core.output import images
from sphinx_mmbook.core.pages import limits, source
from sphinx_mmbook.core.pages.cell_options import OPTIONS as CELL_OPTIONS
from sphinx_mmbook.core.pages.stub import OURS
from sphinx_mmbook.core.people import people
from sphinx_mmbook.core.provenance import sidecar
from sphinx_mmbook.core.results import figure_formats, large_csv
from sphinx_mmbook.core.results.request import READERS
from sphinx_mmbook.core.results.tables import table_text
from sphinx_mmbook.core.results.values import frames
from sphinx_mmbook.core.rules.references import figures
from sphinx_mmbook.ext import EXTENSIONS
from sphinx_mmbook.ext.config import Settings

DOCS = Path(__file__).parent
NOTE = "Made from the code by `python docs/make_reference.py`; do not edit."


class Registered(NamedTuple):
    """What is registered with Sphinx, by name."""

    directives: dict[str, Any]
    roles: dict[str, Any]
    settings: set[str]


@cache
def registered(*extensions: str) -> Registered:
    """Return what some extensions, Sphinx and docutils register."""
    with tempfile.TemporaryDirectory() as folder, docutils_namespace():
        base = Path(folder)
        conf = f"extensions = {list(extensions)}\nbibtex_bibfiles = []\n"
        (base / "conf.py").write_text(conf, "utf-8")
        (base / "index.md").write_text("# Book\n", "utf-8")
        out = base / "_build"
        app = Sphinx(base, base, out, out, "dummy", status=None, warning=None)
        domains = app.registry.domains.items()
        return Registered(
            {
                **directives._directives,  # type: ignore[attr-defined]
                **{f"{d}:{n}": v for d, domain in domains for n, v in domain.directives.items()},
            },
            {
                **roles._roles,  # type: ignore[attr-defined]
                **{f"{d}:{n}": v for d, domain in domains for n, v in domain.roles.items()},
            },
            {value.name for value in app.config},
        )


def is_ours(value: Any) -> bool:
    """Whether a directive or role is from our package, or made by it."""
    kind = value if isinstance(value, type) else type(value)
    return kind.__module__.startswith("sphinx_mmbook")


def is_new(name: str, value: Any, theirs: dict[str, Any]) -> bool:
    """Whether a name is there because of us: no directive of docutils that only got a label."""
    return name not in theirs and not getattr(value, "relabelled", False)


def added() -> Registered:
    """Return what a book has because of us alone."""
    plain, book = registered(*EXTENSIONS), registered("sphinx_mmbook")
    new = [
        {
            name: value
            for name, value in mine.items()
            if is_ours(value) or is_new(name, value, theirs)
        }
        for mine, theirs in zip(book[:2], plain[:2], strict=True)
    ]
    return Registered(*new, book.settings - plain.settings)


def prose(text: str) -> str:
    """Return a text whose code is written as in docstrings as Markdown."""

    def code(match: re.Match[str]) -> str:
        inner = match[1].strip()
        return f"`` {inner} ``" if "`" in inner else f"`{inner}`"

    return re.sub(r"``(.+?)``(?!`)", code, text)


def cell(text: str) -> str:
    """Return the same for a cell of a table."""
    return prose(text).replace("|", "\\|")


def table(heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    """Return a table in Markdown."""
    lines = [heads, ("---",) * len(heads), *rows]
    return "".join("| " + " | ".join(row) + " |\n" for row in lines)


def description(value: Any) -> str:
    """Return a docstring as Markdown, its example as a block of code."""
    text, _, example = (inspect.getdoc(value) or "").partition("Example::")
    lines = example.strip("\n").split("\n")
    block = "\n".join(line[4:] for line in lines if not line or line.startswith(" ")).strip("\n")
    after = "\n".join(line for line in lines if line and not line.startswith(" "))
    parts = [prose(text), f"``````markdown\n{block}\n``````" if block else "", prose(after)]
    return "\n\n".join(part.strip() for part in parts if part.strip()) + "\n"


def directive_section(name: str, directive: Any) -> str:
    """Return what the manual says about a directive.

    :raises AttributeError: if its options are described nowhere.
    """
    needs, may = directive.required_arguments, directive.optional_arguments
    takes = ["one argument" if needs else "an argument or none" if may else "no argument"]
    takes.append("a body" if directive.has_content else "no body")
    text = f"## `{{{name}}}`\n\n{description(directive)}\nTakes {' and '.join(takes)}.\n"
    options = directive.option_spec or {}
    if not options:
        return text
    described = directive.described
    assert set(options) == set(described), name
    rows = [(f"`:{option}:`", cell(described[option][1])) for option in sorted(options)]
    return f"{text}\n{table(('option', 'what'), rows)}"


def directives_page() -> str:
    """Return the page on directives and the options of code cells."""
    ours = added().directives
    sections = [directive_section(name, ours[name]) for name in sorted(ours)]
    rows = [(f"`{name}`", cell(help)) for name, (_, help) in CELL_OPTIONS.items()]
    cells = (
        "## Options of code cells\n\n"
        "In a `{code-cell}` as `:label: fig-loss`, or in the first lines of the code of any cell, "
        "also in a notebook, as `#| label: fig-loss`. Both mean the same; the lines win.\n\n"
    )
    intro = "Sphinx's, MyST's and MyST-NB's own directives work as their manuals say."
    return "\n".join([
        f"# Directives\n\n{NOTE}\n\n{intro}\n", *sections, cells + table(("option", "what"), rows)
    ])  # fmt: skip


def citation(role: str) -> str:
    """Return what a citation of two works prints."""
    entries = [
        BibEntry("a", "book", {"author": "Grace One and Ann Two and Bob Three", "year": "2024"}),
        BibEntry("b", "book", {"author": "Carl Four", "year": "2023"}),
    ]
    parts = cite(role, parse_targets("a, {see}b{p. 7}"), author_years(entries, "en"), "en")
    return "".join(part.text for part in parts)


def roles_page() -> str:
    """Return the page on roles."""
    ours = added().roles
    rows = [("`{cite}`", citation("p"))]
    footnotes = ", ".join(f"`{{{name}}}`" for name in sorted(ours) if name.startswith("footcite"))
    rows += [(f"`{{cite:{role}}}`", citation(role)) for role in CITATION_ROLES]
    return f"""# Roles

{NOTE}

Sphinx's and MyST's own roles, above all `{{numref}}`, `{{ref}}` and `{{eq}}`, work as their manuals
say.

## `{{stored}}`

{description(type(ours["stored"].role))}
That is `file#place|format`. The place is a name in a file of numbers (`numbers.json#best,top1`), or a
row and a column of a table (`accuracy.csv#clip,top1`). A row is found by what is in the first
column, with more keys in the first columns, or by its position, `[1]`, the last `[-1]`. Of a file with several
objects (`.rds`, `.RData`, `.xlsx`) one is named first: `fits.rds#small:size,Estimate`. The format, if any,
is one of Python's, `.1f`, `.1%`, `,d`, or `p` for probabilities; in a table of bars it comes after `as`:
`` {{stored}}`results/accuracy.csv#clip,top1 as .1%` ``.

## Citations

With keys of works, and around a key in braces what comes before and after it:
`` {{cite:p}}`example2024, {{see}}sample2023{{p. 7}}` ``.
{footnotes}, of sphinxcontrib-bibtex, make footnotes.

{table(("role", "prints"), rows)}"""


def fields_page() -> str:
    """Return the page on front matter and people."""
    chapter = [("`title`", "title of the page; a heading `# Title` does the same")]
    chapter += [(f"`{name}`", text) for name, text in OURS.items()]
    chapter += [
        ("`kernelspec`", "the kernel of a notebook: `{name: python3}`"),
        ("`file_format`", "`mystnb` makes a Markdown file a notebook, as `jupytext` does"),
        (
            "`myst`",
            "settings of MyST for this page: `{enable_extensions: [deflist]}` replaces the book's",
        ),
        ("`mystnb`", "settings of MyST-NB for this page and its code: `{execution_timeout: 600}`"),
    ]
    person = [(f"`{name}`", text) for name, text in people.FIELDS.items()]
    return f"""# Fields

{NOTE}

## Front matter of a page

Between two lines `---` at the top of a page, or in the metadata of a notebook. The names are those of
the [MyST standard](https://mystmd.org/guide/frontmatter).

{table(("field", "what"), chapter)}
## A person

In a file `{people.PEOPLE_FOLDER}/ann-example.yml`, whose name is the id of the person, or spelt out
in a front matter.

{table(("field", "what"), person)}"""


def settings_page() -> str:
    """Return the page on settings in conf.py."""
    rows = [
        (f"`mmbook_{field.name}`", f"`{getattr(Settings(), field.name)!r}`", field.metadata["help"])
        for field in fields(Settings)
    ]
    return f"""# Settings

{NOTE}

All are set in `conf.py`. Those of Sphinx and of the extensions that a book is made of
({", ".join(f"`{name}`" for name in EXTENSIONS)}) work as their manuals say.

{table(("setting", "default", "what"), rows)}"""


def commands(parser: argparse.ArgumentParser, name: str) -> Iterator[str]:
    """Yield the section of a command, then those of its commands."""
    text = [part.strip() for part in (parser.description, parser.epilog) if part]
    yield f"## `{name}`\n\n" + (f"{text[0]}\n\n" if text else "")
    if text[1:]:
        yield f"``````text\n{text[1]}\n``````\n\n"
    rows, below = [], []
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            below = list(action.choices.items())
        elif not isinstance(action, argparse._HelpAction):
            words = action.option_strings or [str(action.metavar or action.dest)]
            value = f" {action.metavar or action.dest.upper()}" if takes_value(action) else ""
            named = ", ".join(f"`{word}{value}`" for word in words)
            choices = ", ".join(f"`{choice}`" for choice in action.choices or ())
            rows.append((named, cell(action.help or "") + (f": {choices}" if choices else "")))
    if rows:
        yield table(("argument", "what"), rows) + "\n"
    for word, inner in below:
        yield from commands(inner, f"{name} {word}")


def takes_value(action: argparse.Action) -> bool:
    """Whether an option has a value behind it."""
    return bool(action.option_strings) and action.nargs != 0


def commands_page() -> str:
    """Return the page on the command line."""
    command = make_parser()._actions[-1]
    assert isinstance(command, argparse._SubParsersAction)
    sections = [
        "".join(commands(command.choices[name], f"mmbook {name}")) for name in sorted(COMMANDS)
    ]
    return f"# Commands\n\n{NOTE}\n\n" + "".join(sections).rstrip() + "\n"


#: What comments in files of a book mean.
COMMENTS = (
    ("`<!-- mmbook: ignore RULE, … -->`", "in a page: silences rules for the block after it"),
    ("`% mmbook: ignore RULE, …`", "in a bibliography: silences rules for the entry after it"),
    ("`mmbook: ignore-file RULE, …`", "in such a comment: silences rules for the file"),
    ("`# mmbook-results: FILE, …`", "in a program: the stored results that it makes"),
    ("`# mmbook-inputs: FILE, …`", "in a program: the files that it reads"),
    ("`# mmbook-arguments: --seed 1`", "in a program: the arguments with which it is to be run"),
    ("`# mmbook-seed: 1`", "in a program: the seed of its random numbers"),
)


def size(count: int) -> str:
    """Return a number of bytes in words."""
    for unit, one in (("MiB", 1024**2), ("KiB", 1024), ("MB", 10**6)):
        if count % one == 0 and (unit != "MiB" or count < 10**9):
            return f"{count // one:,} {unit}"
    return f"{count:,} bytes"


def most() -> list[tuple[str, str]]:
    """Return the limits of what is read and shown."""
    return [
        ("a page", f"{size(source.MAX_BYTES)}, {limits.MAX_CHARACTERS:,} characters of text, "
         f"{limits.MAX_LINES:,} lines, "
         f"{limits.MAX_REPLACED:,} texts put in for `|a|` or `{{{{ a }}}}` that contain others"),
        ("a bibliography", size(library.MAX_BYTES)),
        ("a file of a person", size(people.MAX_FILE_BYTES)),
        ("the provenance of a result", size(sidecar.MAX_BYTES)),
        ("a stored result", f"{size(Settings().result_max_bytes)} (`mmbook_result_max_bytes`)"),
        ("a CSV file from which rows are chosen", size(large_csv.MAX_SCAN)),
        ("a table that is read", f"{frames.MAX_CELLS:,} cells, {frames.MAX_COLUMNS:,} columns"),
        ("a table on a page", f"{table_text.MOST_ROWS:,} rows, {table_text.MOST_COLUMNS} columns"),
        ("an image", f"a warning from {size(figures.MAX_IMAGE_BYTES)} on; "
         f"{images.MAX_PIXELS:,} pixels at most are converted"),
    ]  # fmt: skip


def files_page() -> str:
    """Return the page on formats, limits, comments and ``store``."""
    suffixes = ", ".join(f"`{suffix}`" for suffix in READERS)
    shown = ", ".join(f"`{suffix}`" for suffix in figure_formats.FORMATS)
    text, _, rest = (inspect.getdoc(store) or "").partition("Example::")
    example, _, rest = rest.lstrip("\n").partition("\n\n``path``")
    example = inspect.cleandoc("    " + example.strip("\n"))
    signature = inspect.signature(store)
    arguments = ", ".join(str(p).split(":")[0] for p in signature.parameters.values())
    body = prose(f"``path``{rest}").replace(":raises ", "Raises ")
    example = "\n".join(line.removeprefix("    ") for line in example.split("\n"))
    return f"""# Files

{NOTE}

## Formats of stored results

Tables and numbers: {suffixes}.
Upper case is as good. Formats that run code when they are opened (pickle, workbooks with macros) are
refused.

Figures: {shown}.
Of several formats of a figure each output takes the one that it shows best.

## Limits

{table(("what", "at most"), most())}
## Comments

{table(("comment", "meaning"), COMMENTS)}
## `store({arguments})`

{text.strip()}

``````python
{example}
``````

{body}
"""


def pages() -> dict[str, str]:
    """Return all pages that are made from the code, by their path in ``docs``."""
    return {
        "rules.md": rules_page(),
        "reference/directives.md": directives_page(),
        "reference/roles.md": roles_page(),
        "reference/fields.md": fields_page(),
        "reference/settings.md": settings_page(),
        "reference/commands.md": commands_page(),
        "reference/files.md": files_page(),
    }


if __name__ == "__main__":
    for path, text in pages().items():
        (DOCS / path).write_text(text, "utf-8")
        sys.stdout.write(f"docs/{path}\n")
