"""What ``--fix`` leaves of a page: all that readers see, apart from the repair.

Each fixture of a rule that mends is built before and after. ``bad.printed`` beside it states what
readers see of the repair: ``- before`` and ``+ after``, one line for each paragraph, heading,
caption or picture. All else of the pages, also what is not printed, has to be the same.
"""

from __future__ import annotations

import io
import os
from pathlib import Path

import pytest
from PIL import Image

from conftest import CONF
from rules.test_rules import FIXTURES, judged, read_fixture, write
from sites import Part, built, changes
from sphinx_mmbook.core.book.book import load_book
from sphinx_mmbook.core.checking.fixing import mended
from sphinx_mmbook.core.checking.judge import judge
from sphinx_mmbook.core.files.writing import write_whole
from sphinx_mmbook.core.finding import Finding, Location

FIXING = {
    "bib-same-work", "byte-order-mark", "cite-adjacent", "cite-case", "cite-latex", "cite-pandoc",
    "cite-parentheses", "cite-repeated", "dollar-currency", "heading-blank", "heading-number",
    "image-case", "label-malformed", "label-underscore", "line-ends", "link-dead", "person-spelling",
    "reference-undefined", "reference-word", "title-doubled", "latex-in-text", "dollar-unbalanced",
    "result-missing", "result-role", "chunk-syntax", "div-syntax", "footnote-inline",
    "heading-attributes", "image-attributes", "math-delimiters", "reference-syntax",
    "script-syntax", "table-syntax", "heading-references", "front-matter", "front-matter-late",
    "cite-name-twice", "cite-after-stop", "cite-no-blank", "word-doubled", "stop-blank",
    "stop-doubled", "stop-missing", "list-swallows", "backslash-blank", "formula-letter",
    "address-bare",
    "role-mistyped", "label-mistyped", "table-cells", "line-lost", "cell-option",
    "directive-unknown", "role-unknown", "option-unknown", "include-missing", "notebook-header",
    "byline-typed", "option-comment", "article-wrong", "abbreviation", "word-misspelt", "grammar", "formula-name",
    "dash-typed", "unit-blank", "accent-typed", "number-signs", "cite-as-noun", "sentence-begin", "mark-open", "comma-missing",
    "formula-sign", "hyphen-compound", "comma-surplus",
    "equation-parentheses", "html-dropped",
}  # fmt: skip
#: Repairs that reach further: the years of other citations lose letters, a box gets a title, notes
#: stand at the page's end, a page its title, or all its cells a kernel; what was lost is there, and
#: what stands below a label has it.
SPREADING = {
    "bib-same-work", "directive-unknown", "div-syntax", "footnote-inline", "front-matter",
    "notebook-header", "byline-typed", "option-comment", "label-mistyped", "html-dropped",
}  # fmt: skip
#: Labels that stop a build have to be compared, too.
LAX = "mmbook_rules = {'label-underscore': 'warning'}\nnb_execution_mode = 'off'\n"


def png() -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", (2, 2)).save(stream, "PNG")
    return stream.getvalue()


def make(folder: Path, files: dict[str, bytes]) -> Path:
    """Write a book with pictures that are some."""
    pictures = {path: png() for path in files if path.endswith(".png")}
    conf = LAX.encode() + files.get("conf.py", CONF.encode())
    write({**files, "conf.py": conf, **pictures}, folder)
    return folder


def fixed(folder: Path) -> tuple[list[Finding], list[Location]]:
    """Mend a book; return the findings that are left, and each line that was mended."""
    places: list[Location] = []
    for _ in range(10):
        findings = judge(load_book(folder))
        changed = mended(folder, findings)
        if not changed:
            return findings, places
        edits = [edit for finding in findings for edit in finding.fix]
        places += [
            edit.at._replace(line=edit.at.line + number)
            for edit in edits
            for number in range(edit.old.count("\n") + 1)
        ]
        write_whole({folder / path: new for path, (_, new) in changed.items()})
    raise AssertionError("rules that undo each other")


def mending(file: Path) -> bool:
    return file.parent.name in FIXING and file.name.startswith("bad")


@pytest.mark.parametrize(
    "file", [f for f in FIXTURES if mending(f)], ids=lambda f: f"{f.parent.name}/{f.name}"
)
def test_a_fixed_book_builds_to_the_same_pages_apart_from_the_repair(
    file: Path, tmp_path: Path
) -> None:
    files = read_fixture(file)[0]
    old, new = make(tmp_path / "old", files), make(tmp_path / "new", files)
    left, places = fixed(new)
    before, after = built(old), built(new)
    assert before.pages.keys() == after.pages.keys()
    shown: list[str] = []
    for name in sorted(before.pages):
        lines = {at.line for at in places if at.path.rpartition(".")[0] == name}
        for one, other in changes(before.pages[name], after.pages[name]):
            if file.parent.name not in SPREADING:
                confined(one or other, before.pages[name], lines)
            shown += [f"- {part.printed}\n" for part in one if part.printed]
            shown += [f"+ {part.printed}\n" for part in other if part.printed]
    stated = file.with_suffix(".printed")
    if os.environ.get("MMBOOK_ACCEPT") and "".join(shown):
        stated.write_text("".join(shown), "utf-8")
    assert "".join(shown) == (stated.read_text("utf-8") if stated.exists() else "")
    # A citation that is one now may be that of an unknown work: the checker says so, too.
    known = {(item.location.path, item.location.line) for item in left}
    assert set(after.warnings.keys() - before.warnings.keys()) <= known


def confined(changed: list[Part], page: list[Part], lines: set[int]) -> None:
    """Assert that parts begin where a part of the old page begins in which something is mended."""
    begins = sorted({part.line for part in page if part.line})
    mended_parts = {max((b for b in begins if b <= line), default=0) for line in lines}
    # ``(label)=`` stands in the line before what it names.
    mended_parts |= {min((b for b in begins if b >= line), default=0) for line in lines}
    assert {part.line for part in changed} <= mended_parts | {0}


def test_all_rules_that_mend_are_looked_at() -> None:
    """No fixture has a repair by another rule: see ``test_rules.py``."""
    for rule in FIXING:
        files = (file for file in FIXTURES if mending(file) and file.parent.name == rule)
        assert any(item.rule == rule for file in files for item in judged(file) if item.fix), rule
