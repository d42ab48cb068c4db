"""A chapter in which the check finds no error is built without a warning, and the other way round."""

from __future__ import annotations

from pathlib import Path

import pytest
from mutating import KINDS, disagreements, judged_and_built

FRONT = "---\ntitle: Chapter ID\n---\n\n"
CELL = FRONT.replace("ID\n", "ID\nfile_format: mystnb\nkernelspec: {name: python3}\n")
CELL += "```{code-cell} python\n%s\nx = 1\n```\n"
#: Chapters of which only one of the two complained, by what was wrong in them.
ONCE: dict[str, dict[str, str]] = {
    "a pattern in a toctree names no page in a folder that fits": {
        "index.md": FRONT + "```{toctree}\n:glob:\n\nmore*\n```\n",
        "more/three.md": "# Three\n",
    },
    "an option has two colons before its name": {
        "index.md": FRONT + "```{list-table} T\n::header-rows: 1\n\n* - a\n* - b\n```\n"
    },
    "a caption among the options of a cell cites": {
        "index.md": CELL % ":label: fig-ID\n:caption: The {cite:p}`gone`\n"
    },
    "a caption cites below an empty line of a cell": {
        "index.md": CELL % ":tags: [hide-input]\n\n#| fig-cap: The {cite:p}`gone`.\n"
    },
    "a caption of a cell has a dead link": {"index.md": CELL % "#| fig-cap: The [x](gone.md)\n"},
    "a caption of a cell has a footnote": {"index.md": CELL % "#| fig-cap: The loss [^x].\n"},
    "a caption of a cell has no picture": {"index.md": CELL % "#| fig-cap: ![x](gone.png)\n"},
    "front matter begins on the line of its hyphens": {
        "index.md": "--- title: Second\n---\n\n# A\n"
    },
    "a glossary of reStructuredText has a term twice": {
        "index.rst": "A\n=\n" + 2 * "\n.. glossary::\n\n   lossID\n      Falls.\n"
    },
    "a blank stands behind a term": {
        "index.md": FRONT + "```{glossary}\nlossID \n  Falls.\n```\n\n{term}`lossID`\n"
    },
    "a line of blanks stands before a term": {
        "index.md": FRONT + "```{glossary}\nlossID\n  Falls.\n  \nriskID\n  Rises.\n```\n"
    },
    "a caption of a cell has an unknown role": {"index.md": CELL % "#| fig-cap: The {citet}`a`.\n"},
}
#: New ones are tried by hand, by the thousand, until none disagrees.
SEED = "one"


def test_the_chapters_without_slips_have_no_fault(tmp_path: Path) -> None:
    chapters = {f"{number:04}": files for number, files in enumerate(KINDS.values())}
    found = judged_and_built(tmp_path / "book", chapters)
    assert {name: (one.errors, one.warnings) for name, one in found.items()} == {}


def test_of_what_once_disagreed_both_complain(tmp_path: Path) -> None:
    chapters = {f"{number:04}": files for number, files in enumerate(ONCE.values())}
    found = judged_and_built(tmp_path / "book", chapters)
    sided = [name for number, name in zip(chapters, ONCE, strict=True) if found[number].one_sided()]
    assert sided == []
    assert [name for name in chapters if not found[name].errors] == []


@pytest.mark.long
def test_check_and_build_complain_of_the_same_chapters() -> None:
    assert disagreements(SEED, 150) == []
