"""The command and the build find the same, every error, on one very faulty book."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from conftest import Book, Built
from rules.test_rules import FIXTURES, LINK, read_fixture
from sphinx_mmbook.core.book.book import load_book
from sphinx_mmbook.core.checking.judge import judge
from sphinx_mmbook.core.rules.registry import all_rules

#: Sphinx leaves out what it cannot open and says so itself.
BY_SPHINX = "page-unreadable"
OWN = {rule.slug for rule in all_rules() if rule.build}
JUDGED = [rule for rule in all_rules() if not rule.only_build]
#: What both tell: errors, and whatever a build's own rules find.
SHARED = {rule.slug for rule in JUDGED if rule.build or rule.level == "error"} - {BY_SPHINX}
#: Errors of the command for which there is no build that could tell them, since none begins.
BEFORE_ANY_BUILD = {"conf", "root-missing", "extension-missing"}
#: What Sphinx says of a page besides our finding.
BESIDE = {
    "Ignored unreadable document": "each build says so, as well as we",
    "No source code lexer found": "the notebook has no kernel, which is a fault of its own",
}
INDEX = "# Book\n\n```{toctree}\n:glob:\n\nfixtures/**\n*\n```\n"
# Rejected labels would end the build before its own messages; infos have no place in its output.
CONF = (
    "mmbook_rules = {'label-underscore': 'warning', 'label-collision': 'warning',"
    " 'bib-empty': 'warning'}\nnb_execution_mode = 'off'\nnb_execution_mod = 'off'\nhtml_show_sphinx = 'no'\n"
)
PEOPLE = {
    "people/ann.yml": "name: Ann\norcid: 0000-0002-1825-0098\n",
    "people/bo.yml": "name: [\n",
    "people/cy.yml": "name: Cy\nafiliation: LMU\n",
}
#: What no fixture has: places that build and command count in different ways.
PAGES = {
    "fields.md": "---\n- a list\n---\n\n# Fields\n",
    "front.md": "---\nauthors: [nobody, ann]\nstatus: done\n---\n\n# Front\n",
    "byline.md": "# By\n\n- a list\n\n  :::{byline}\n  authors: [noone]\n  :::\n\n"
    "```{byline}\nauthors:\n  - {name: X, orcid: 1}\n```\n\n```{byline}\nGrace\n```\n",
    "nested.md": "# N\n\n> quoted {cite:p}`gone`, {cite:p}`a b`\n\n"
    "::::{note}\n```{admonition} Title {cite:p}`gone`\nIn {cite:t}`gone,gone2`\nand [@gone3]\n```\n::::\n\n"
    "{footcite:p}`gone`\n\nTerm\n: {cite:p}`gone\n,gone4`\n\n```{footbibliography}\n```\n",
    "latin.md": "# M\n\nMüller\n".encode("latin-1"),
    "broken.ipynb": '{"cells": [',
    "cells.ipynb": json.dumps(
        {
            "cells": [
                {"cell_type": "markdown", "metadata": {}, "source": text}
                for text in ("# C", "A\n\nB {cite:p}`gone` \\citep{x}\n\n```{byline}\nauthors: 3\n```")
            ],
            "metadata": {}, "nbformat": 4, "nbformat_minor": 4,
        }
    ),
}  # fmt: skip

#: Books with these take long to build.
LARGE = {"page-too-large", "page-too-complex"}

Found = tuple[str, str, int, int, int]


@pytest.fixture
def faulty(tmp_path: Path) -> Book:
    """Return a book of all fixtures that must fire in both, each in a folder of its own."""
    book = Book(tmp_path / "book")
    book.write({"index.md": INDEX, **PEOPLE, **PAGES})
    book.write({"conf.py": (book.folder / "conf.py").read_text() + CONF})
    for fixture in FIXTURES:
        if fixture.parent.name in {*SHARED, BY_SPHINX} and fixture.name.startswith("bad"):
            name = f"{fixture.parent.name}-{fixture.stem}".replace("_", "-")
            add(book, f"fixtures/{name}", read_fixture(fixture)[0])
    return book


def add(book: Book, folder: str, files: dict[str, bytes]) -> None:
    """Add a fixture's files below a folder."""
    for path, data in files.items():
        if path == "conf.py" or path.startswith("people/"):
            continue
        if data.startswith(LINK):
            (book.folder / folder / path).parent.mkdir(parents=True, exist_ok=True)
            (book.folder / folder / path).symlink_to(data.removeprefix(LINK).decode())
        else:
            book.write({f"{folder}/{path}": data})


def of_command(book: Book) -> list[Found]:
    """Return what the command finds by the rules of the build."""
    command = [sys.executable, "-m", "sphinx_mmbook.cli", "check", "--format", "json"]
    run = subprocess.run(
        [*command, str(book.folder)], capture_output=True, encoding="utf-8", check=False
    )
    assert run.returncode in (0, 1), run.stderr
    return sorted(
        (item["rule"], item["path"], max(item["line"], 1), item["column"], item.get("cell", 0))
        for item in json.loads(run.stdout)["findings"]
        if item["rule"] in SHARED
        and (item["level"] == "error" or (item["rule"] in OWN and item["level"] != "info"))
    )


_WARNING = re.compile(
    r"(?P<path>.+?):(?P<line>\d+)(?::(?P<column>\d+))?: (?:WARNING: )?"
    r"(?:cell (?P<cell>\d+), line \d+: )?.* \[mmbook\.(?P<rule>[\w-]+)\]"
)


def notes_of(built: Built) -> list[str]:
    """Return what a build says of warnings of the check, which fail none."""
    own = {rule.slug for rule in JUDGED if rule.build and rule.level == "warning"}
    lines = [line for line in built.out.splitlines() if line.endswith("]")]
    return [line for line in lines if line.rpartition("[mmbook.")[2][:-1] in own]


def of_build(book: Book, built: Built) -> list[Found]:
    """Return what a build reported by those rules."""
    assert "Traceback" not in built.err
    found = []
    for line in [*built.warnings, *notes_of(built)]:
        match = _WARNING.fullmatch(line)
        if match and match["rule"] in SHARED:
            path = Path(match["path"]).relative_to(book.folder).as_posix()
            place = int(match["line"]), int(match["column"] or 0), int(match["cell"] or 0)
            found.append((match["rule"], path, *place))
    return sorted(found)


def test_command_and_build_find_the_same(faulty: Book) -> None:
    wanted = of_command(faulty)
    assert {found[0] for found in wanted} >= SHARED - LARGE - BEFORE_ANY_BUILD
    built = faulty.build(builder="dummy")
    assert of_build(faulty, built) == wanted
    assert "Ignored unreadable document" in built.err
    # Nobody else reports the same faults in other words.
    others = [line for line in built.warnings if re.search(r": (WARNING|ERROR|CRITICAL): ", line)]
    others = [line for line in others if "[mmbook." not in line]
    assert [line for line in others if not any(words in line for words in BESIDE)] == []
    # Faults are told until they are mended, also if no page is read again.
    assert of_build(faulty, faulty.build(builder="dummy")) == wanted


def notebook(*texts: str) -> str:
    cells = [{"cell_type": "markdown", "metadata": {}, "source": text} for text in texts]
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 4})


FAULTS = "---\nstatus: done\n---\n\n(x_y)=\n# A\n\n(A-b)=\n## X\n\n{cite:p}`gone` [@x]\n"
LAX = "mmbook_rules = {'label-underscore': 'warning'}\n"
OTHERS = {
    "files that pages include": (
        LAX + "exclude_patterns = ['_*']\n",
        {
            "a.md": "# A\n\n```{include} part.txt\n```\n\n```{include} _part.md\n```\n\n{cite:p}`gone`\n",
            "part.txt": "Text {cite:p}`lost` [@z]\n\n{cite:p}`K`\n",
            "_part.md": "(sec-p)=\n## P\n\n{cite:t}`a b` and {ref}`sec-p`.\n",
            "a.bib": "@misc{k, title={A}}\n",
        },
    ),
    "pages that include each other": (
        LAX, {"a.md": "# A\n\n```{include} b.md\n```\n", "b.md": "# B\n\n{cite:p}`gone`\n"},
    ),
    "comments": (
        LAX,
        {
            "a.md": "<!-- mmbook: ignore label-underscore -->\n(x_y)=\n# A\n\n% mmbook: ignore cite-unknown\n\n"
            "{cite:p}`one` and\n{cite:p}`two`\n\n{cite:p}`three`\n\n- a\n  % mmbook: ignore\n  {cite:p}`four`\n",
            "b.md": "---\nstatus: done\n---\n\n% mmbook: ignore-file chapter-status\n\n# B\n\n{cite:p}`gone`\n",
            "a.bib": "% mmbook: ignore bib-field-twice\n@misc{k, title={A}, title={B}}\n@misc{l, title={A}, title={B}}\n",
            "b.bib": "% mmbook: ignore-file\n\n@misc{m, title={A}, title={B}}\n",
            "n.ipynb": notebook("# N\n\n<!-- mmbook: ignore cite-unknown -->\n{cite:p}`one`", "{cite:p}`two`",
                                "(n_o)=\n## X"),
        },
    ),
    "levels": (
        "mmbook_rules = {'label-underscore': 'info', 'cite-unknown': 'off', 'label-malformed': 'warning'}\n",
        {"a.md": FAULTS},
    ),
    "warnings that are not shown": (
        LAX + "suppress_warnings = ['mmbook.cite-unknown', 'mmbook.chapter-status']\n", {"a.md": FAULTS},
    ),
    "no warnings at all": ("suppress_warnings = ['mmbook']\n", {"a.md": FAULTS}),
    "excluded pages": (
        LAX + "exclude_patterns = ['left/*', '**/draft-*']\n",
        {"left/a.md": FAULTS, "b/draft-x.md": FAULTS, "b/c.md": FAULTS},
    ),
    "front matter": (
        LAX,
        {
            "a.md": "---\ntitle: [1]\nauthors: 5\nstatus: [a]\n---\n\nText\n",
            "b.md": "---\ntitle: a: b\n---\n\n# B\n",
            "c.md": "---\nauthors: &a [x]\nsupervisors: *a\n---\n\n# C\n",
            "e.md": "---\nauthors:\n  - {name: A, orcid: '1'}\n  - {nam: B}\nstatus: DRAFT\n---\n# E\n",
            "n.ipynb": notebook("---\ntitle: N\nstatus: done\nauthors: [nobody]\n---\n", "text"),
        },
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", OTHERS)
def test_both_find_the_same_whatever_is_set(name: str, book: Book) -> None:
    conf, files = OTHERS[name]
    book.write({"index.md": "# Book\n\n```{toctree}\n:glob:\n\n**\n```\n", **files})
    book.write({"conf.py": (book.folder / "conf.py").read_text() + conf})
    # In what is included, docutils counts no columns.
    found = [Counter((f[0], f[1], f[2], f[4]) for f in some)
             for some in (of_command(book), of_build(book, book.build(builder="dummy")))]  # fmt: skip
    assert found[0] == found[1]
    assert bool(found[0]) == (name != "no warnings at all")


def test_a_build_knows_what_conf_py_defines_for_formulas(book: Book) -> None:
    conf = (
        'mmbook_macros = {"R": r"\\mathbb{R}"}\n'
        'latex_elements = {"preamble": r"\\newcommand{\\risk}{R}"}\n'
        'mathjax4_config = {"tex": {"macros": {"loss": "L"}}}\n'
    )
    page = "# Book\n\nIn $\\R$, with $\\loss$, $\\risk$.\n"
    book.write({"conf.py": f"{book.text('conf.py')}\n{conf}", "index.md": page})
    assert [one for one in judge(load_book(book.folder)) if one.level == "error"] == []
    assert book.build().warnings == []
    book.change("index.md", "\\R", "\\RR")
    (warning,) = book.build().warnings
    assert "formula-command" in warning
